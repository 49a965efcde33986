"""How the bodies of API calls are read."""

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class BoundedJSONParser(JSONParser):
    """JSON, of which a body nested beyond what can be read is refused like any other that is none."""

    def parse(self, stream, media_type=None, parser_context=None):
        """Return what was sent. Raises ParseError."""
        try:
            return super().parse(stream, media_type=media_type, parser_context=parser_context)
        except RecursionError as error:
            raise ParseError(_("The JSON is nested too deeply.")) from error
