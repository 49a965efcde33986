"""The audit chain: numbered, hashed and kept by the database itself."""

from django.db import migrations

CHAIN = r"""
CREATE FUNCTION core_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.object_type || ':' || NEW.object_id, 0));
  SELECT seq, hash INTO last FROM core_auditentry
   WHERE object_type = NEW.object_type AND object_id = NEW.object_id ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(last.seq, 0) + 1;
  NEW.previous_hash := coalesce(last.hash, '');
  NEW.transaction := pg_current_xact_id()::text::bigint;
  NEW.hash := core_audit_hash(NEW);
  RETURN NEW;
END $$;

CREATE FUNCTION core_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' AND coalesce(current_setting('portal.allow_truncate', true), '') = 'on' THEN
    RETURN NULL;  -- the test runner empties tables between tests
  END IF;
  RAISE EXCEPTION 'the audit log is append-only';
END $$;

CREATE FUNCTION core_audit_hash(e core_auditentry) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(convert_to(concat_ws(E'\x1f', e.previous_hash, e.object_type, e.object_id::text, e.seq::text,
    e.action, e.object_text, e.actor_kind, coalesce(e.actor_id::text, ''), e.actor_name,
    (extract(epoch from e.at) * 1000000)::bigint::text, e.changes::text, e.note, e.transaction::text), 'UTF8')), 'hex')
$$;

CREATE TRIGGER core_audit_chain BEFORE INSERT ON core_auditentry
  FOR EACH ROW EXECUTE FUNCTION core_audit_chain();
CREATE TRIGGER core_audit_keep BEFORE UPDATE OR DELETE ON core_auditentry
  FOR EACH ROW EXECUTE FUNCTION core_audit_refuse();
CREATE TRIGGER core_audit_keep_all BEFORE TRUNCATE ON core_auditentry
  FOR EACH STATEMENT EXECUTE FUNCTION core_audit_refuse();
CREATE TRIGGER core_seal_keep BEFORE UPDATE OR DELETE ON core_auditseal
  FOR EACH ROW EXECUTE FUNCTION core_audit_refuse();
CREATE TRIGGER core_seal_keep_all BEFORE TRUNCATE ON core_auditseal
  FOR EACH STATEMENT EXECUTE FUNCTION core_audit_refuse();
"""

UNDO = """
DROP TRIGGER core_audit_chain ON core_auditentry; DROP TRIGGER core_audit_keep ON core_auditentry;
DROP TRIGGER core_audit_keep_all ON core_auditentry; DROP TRIGGER core_seal_keep ON core_auditseal;
DROP TRIGGER core_seal_keep_all ON core_auditseal;
DROP FUNCTION core_audit_chain(); DROP FUNCTION core_audit_refuse(); DROP FUNCTION core_audit_hash(core_auditentry);
"""


class Migration(migrations.Migration):
    """Functions and triggers on the audit tables."""

    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(CHAIN, UNDO)]
