"""The content security policy: strict on own pages, with what Alpine needs on the admin's."""

from csp.middleware import CSPMiddleware, PolicyParts

ADMIN_PREFIX = "/admin/"
# Alpine, inside the admin shell, evaluates the expressions in its attributes.
ADMIN_EXTRA = {"script-src": ["'unsafe-eval'"]}


class PolicyMiddleware(CSPMiddleware):
    """Adds the admin's exception to the policy of the settings, on admin pages only."""

    def get_policy_parts(self, request, response, report_only=False) -> PolicyParts:
        """Return the parts of the policy for this page."""
        parts = super().get_policy_parts(request, response, report_only)
        if request.path_info.startswith(ADMIN_PREFIX) and not report_only:
            parts.update = {**(parts.update or {}), **ADMIN_EXTRA}
        return parts
