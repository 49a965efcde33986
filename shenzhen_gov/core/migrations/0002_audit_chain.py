"""The audit chain: numbered, hashed and kept by the database itself (docs/adr/0003)."""

from django.db import migrations

CHAIN = r"""
-- A JSON array instead of joined text: no text within a field can be taken for the border between two fields.
CREATE FUNCTION core_audit_hash(e core_auditentry) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT encode(sha256(convert_to(jsonb_build_array(e.previous_hash, e.object_type, e.object_id, e.seq, e.action,
    e.object_text, e.actor_kind, e.actor_id, e.actor_name, (extract(epoch from e.at) * 1000000)::bigint, e.changes,
    e.note, e.transaction)::text, 'UTF8')), 'hex')
$$;

-- The lock makes a second writer wait instead of fail on the unique number. A transaction with very many entries
-- stops taking them (they fill the server's lock table); the unique number alone guards the chain then.
CREATE FUNCTION core_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last record;
  locks integer := coalesce(nullif(current_setting('portal.audit_locks', true), ''), '0');
BEGIN
  IF locks < 1000 THEN
    PERFORM pg_advisory_xact_lock(hashtextextended(NEW.object_type || ':' || NEW.object_id, 0));
    PERFORM set_config('portal.audit_locks', (locks + 1)::text, true);
  END IF;
  SELECT seq, hash INTO last FROM core_auditentry
   WHERE object_type = NEW.object_type AND object_id = NEW.object_id ORDER BY seq DESC LIMIT 1;
  NEW.seq := coalesce(last.seq, 0) + 1;
  NEW.previous_hash := coalesce(last.hash, '');
  NEW.transaction := core_audit_transaction();
  NEW.hash := core_audit_hash(NEW);
  RETURN NEW;
END $$;

CREATE FUNCTION core_audit_root(previous text, lower_end bigint, upper_end bigint, shift bigint)
RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(jsonb_build_array(previous, lower_end, upper_end, shift)::text
    || coalesce(string_agg(E'\n' || id || ':' || hash, '' ORDER BY transaction, id), ''), 'UTF8')), 'hex')
    FROM core_auditentry WHERE transaction >= lower_end AND transaction < upper_end
$$;

-- The number of the running transaction. A live one never lies below the last seal, unless the server counts anew.
CREATE FUNCTION core_audit_transaction() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  seal record;
  number bigint;
BEGIN
  SELECT to_transaction, shift INTO seal FROM core_auditseal ORDER BY id DESC LIMIT 1;
  number := pg_current_xact_id()::text::bigint + coalesce(seal.shift, 0);
  IF number >= coalesce(seal.to_transaction, 0) THEN
    RETURN number;
  END IF;
  RETURN core_audit_restart();
END $$;

-- First entry after a restore: seal what the dump brought unsealed, and count on from there.
CREATE FUNCTION core_audit_restart() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  seal record;
  base bigint;
  xid bigint := pg_current_xact_id()::text::bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('core_auditseal', 0));
  SELECT * INTO seal FROM core_auditseal ORDER BY id DESC LIMIT 1;
  IF xid + seal.shift >= seal.to_transaction THEN
    RETURN xid + seal.shift;
  END IF;
  SELECT greatest(seal.to_transaction, coalesce(max(transaction), 0)) + 1 INTO base FROM core_auditentry;
  seal.shift := base - pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
  INSERT INTO core_auditseal (at, from_transaction, to_transaction, entries, root, previous_root, shift)
  SELECT clock_timestamp(), seal.to_transaction, base, count(*),
         core_audit_root(seal.root, seal.to_transaction, base, seal.shift), seal.root, seal.shift
    FROM core_auditentry WHERE transaction >= seal.to_transaction AND transaction < base;
  RETURN xid + seal.shift;
END $$;

CREATE FUNCTION core_audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' AND coalesce(current_setting('portal.allow_truncate', true), '') = 'on' THEN
    RETURN NULL;  -- the test runner empties tables between tests
  END IF;
  RAISE EXCEPTION 'the audit log is append-only';
END $$;

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
DROP TRIGGER core_audit_chain ON core_auditentry;
DROP TRIGGER core_audit_keep ON core_auditentry;
DROP TRIGGER core_audit_keep_all ON core_auditentry;
DROP TRIGGER core_seal_keep ON core_auditseal;
DROP TRIGGER core_seal_keep_all ON core_auditseal;
DROP FUNCTION core_audit_chain();
DROP FUNCTION core_audit_refuse();
DROP FUNCTION core_audit_transaction();
DROP FUNCTION core_audit_restart();
DROP FUNCTION core_audit_root(text, bigint, bigint, bigint);
DROP FUNCTION core_audit_hash(core_auditentry);
"""


class Migration(migrations.Migration):
    """Functions and triggers on the audit tables."""

    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunSQL(CHAIN, UNDO)]
