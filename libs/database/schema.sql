-- Generated from the migrations by libs/database/scripts/write-schema.cjs; read by people, not run.

table api_key_use
  key_id text collate "C" not null
  last_used_at timestamp(0) with time zone not null
  constraint api_key_use_pkey PRIMARY KEY (key_id)

table fx_rates
  pack_id text collate "C" not null
  base text collate "C" not null
  quote text collate "C" not null
  date date not null
  number numeric not null
  source text collate "C" not null
  constraint fx_rates_check CHECK ((quote <> base))
  constraint fx_rates_number_check CHECK (((number > (0)::numeric) AND (number <> 'NaN'::numeric)))
  constraint fx_rates_pkey PRIMARY KEY (pack_id, base, quote, date)
  CREATE TRIGGER never_change BEFORE DELETE OR UPDATE OR TRUNCATE ON public.fx_rates FOR EACH STATEMENT EXECUTE FUNCTION pack_rows_never_change()
  CREATE TRIGGER only_before_seal AFTER INSERT ON public.fx_rates REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION pack_rows_only_before_seal()

table lease with (fillfactor=20)
  name text collate "C" not null
  holder text collate "C" not null
  expires_at timestamp with time zone not null
  constraint lease_pkey PRIMARY KEY (name)

table pack_build_events
  build_id uuid not null
  seq integer not null
  type text not null
  data jsonb not null default '{}'::jsonb
  created_at timestamp with time zone not null default now()
  constraint pack_build_events_build_id_fkey FOREIGN KEY (build_id) REFERENCES pack_builds(build_id) ON DELETE CASCADE
  constraint pack_build_events_pkey PRIMARY KEY (build_id, seq)

table pack_builds
  build_id uuid not null
  asof_date date
  policy text collate "C" not null
  restate_reason text
  wanted jsonb not null default '[]'::jsonb
  requested_by text collate "C" not null
  idempotency_key text collate "C"
  body_hash text
  request_id text
  traceparent text
  state text not null default 'queued'::text
  attempts integer not null default 0
  pack_id text collate "C"
  created boolean
  phase text
  rows_done integer not null default 0
  rows_total integer
  error_code text
  error_detail jsonb
  last_event integer not null default 0
  created_at timestamp with time zone not null default now()
  started_at timestamp with time zone
  updated_at timestamp with time zone not null default now()
  next_check timestamp with time zone not null default now()
  finished_at timestamp with time zone
  ledger_commit_hash text collate "C"
  sources text collate "C"
  constraint pack_builds_failure_says_why CHECK (((state <> 'failed'::text) OR (error_code IS NOT NULL)))
  constraint pack_builds_over_has_end CHECK (((state = ANY (ARRAY['succeeded'::text, 'failed'::text])) = (finished_at IS NOT NULL)))
  constraint pack_builds_phase_check CHECK ((phase = ANY (ARRAY['reading'::text, 'reconciling'::text, 'writing'::text])))
  constraint pack_builds_pkey PRIMARY KEY (build_id)
  constraint pack_builds_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'succeeded'::text, 'failed'::text])))
  constraint pack_builds_success_has_pack CHECK (((state <> 'succeeded'::text) OR (pack_id IS NOT NULL)))
  CREATE UNIQUE INDEX pack_builds_key ON public.pack_builds USING btree (requested_by, idempotency_key) WHERE (idempotency_key IS NOT NULL)
  CREATE INDEX pack_builds_open ON public.pack_builds USING btree (next_check) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]))

table pack_sources
  pack_id text collate "C" not null
  source text collate "C" not null
  price_count integer not null
  rate_count integer not null
  first_date date not null
  last_date date not null
  constraint pack_sources_pkey PRIMARY KEY (pack_id, source)
  CREATE TRIGGER never_change BEFORE DELETE OR UPDATE OR TRUNCATE ON public.pack_sources FOR EACH STATEMENT EXECUTE FUNCTION pack_rows_never_change()
  CREATE TRIGGER only_before_seal AFTER INSERT ON public.pack_sources REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION pack_rows_only_before_seal()

table packs
  pack_id text collate "C" not null
  asof_date date not null
  policy text collate "C" not null
  restatement integer not null default 0
  status text not null
  content_hash text
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  built_at timestamp with time zone
  superseded_by text collate "C"
  superseded_reason text
  price_count integer not null default 0
  rate_count integer not null default 0
  sources text[] not null default '{}'::text[]
  error_code text
  error_detail jsonb
  report jsonb
  constraint packs_check CHECK ((superseded_by <> pack_id))
  constraint packs_content_hash_check CHECK ((content_hash ~ '^[0-9a-f]{64}$'::text))
  constraint packs_error_says_why CHECK (((status = 'error'::text) = (error_code IS NOT NULL)))
  constraint packs_pack_id_check CHECK ((pack_id ~ '^PP_[0-9]{4}-[0-9]{2}-[0-9]{2}(_[A-Z0-9]{1,24})?$'::text))
  constraint packs_pkey PRIMARY KEY (pack_id)
  constraint packs_restatement_check CHECK ((restatement >= 0))
  constraint packs_restatement_once UNIQUE (asof_date, policy, restatement)
  constraint packs_sealed_has_hash CHECK (((built_at IS NULL) = (content_hash IS NULL)))
  constraint packs_status_check CHECK ((status = ANY (ARRAY['warming'::text, 'fresh'::text, 'error'::text, 'stale'::text])))
  constraint packs_superseded_by_fkey FOREIGN KEY (superseded_by) REFERENCES packs(pack_id)
  constraint packs_usable_is_sealed CHECK (((status <> ALL (ARRAY['fresh'::text, 'stale'::text])) OR (built_at IS NOT NULL)))
  CREATE INDEX packs_newest_first ON public.packs USING btree (asof_date DESC, pack_id DESC)
  CREATE UNIQUE INDEX packs_one_current ON public.packs USING btree (asof_date, policy) WHERE ((status = ANY (ARRAY['fresh'::text, 'stale'::text])) AND (superseded_by IS NULL))
  CREATE TRIGGER is_not_deleted BEFORE DELETE ON public.packs FOR EACH ROW EXECUTE FUNCTION pack_is_not_deleted()
  CREATE TRIGGER is_not_truncated BEFORE TRUNCATE ON public.packs FOR EACH STATEMENT EXECUTE FUNCTION pack_is_not_truncated()
  CREATE TRIGGER keeps_its_content BEFORE UPDATE ON public.packs FOR EACH ROW EXECUTE FUNCTION pack_keeps_its_content()

table prices
  pack_id text collate "C" not null
  commodity text collate "C" not null
  date date not null
  number numeric not null
  currency text collate "C" not null
  source text collate "C" not null
  constraint prices_number_check CHECK ((number <> 'NaN'::numeric))
  constraint prices_pkey PRIMARY KEY (pack_id, commodity, date)
  CREATE TRIGGER never_change BEFORE DELETE OR UPDATE OR TRUNCATE ON public.prices FOR EACH STATEMENT EXECUTE FUNCTION pack_rows_never_change()
  CREATE TRIGGER only_before_seal AFTER INSERT ON public.prices REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION pack_rows_only_before_seal()

table rights_decision
  decision_id bigint not null
  decided_at timestamp(3) with time zone not null default now()
  principal_id text collate "C" not null
  request_id text collate "C" not null
  run_id uuid not null
  pattern_id text collate "C" not null
  pattern_version text collate "C" not null
  pricing_pack_id text collate "C" not null
  ledger_commit_hash text collate "C" not null
  action text collate "C" not null
  format text collate "C"
  environment text collate "C" not null
  registry_hash text collate "C" not null
  outcome text collate "C" not null
  reason text not null
  figures json not null
  sources_used text[] not null
  sources_blocked text[] not null
  file_hash text collate "C"
  export_id uuid
  idempotency_key text collate "C"
  body_hash text collate "C"
  constraint rights_decision_action_check CHECK ((action = ANY (ARRAY['display'::text, 'export'::text])))
  constraint rights_decision_export_has_file CHECK ((((action = 'export'::text) AND (outcome <> 'refused'::text)) = (export_id IS NOT NULL)))
  constraint rights_decision_export_has_format CHECK (((action = 'export'::text) = (format IS NOT NULL)))
  constraint rights_decision_format_check CHECK ((format = ANY (ARRAY['pdf'::text, 'csv'::text, 'json'::text, 'xlsx'::text])))
  constraint rights_decision_outcome_check CHECK ((outcome = ANY (ARRAY['allowed'::text, 'partial'::text, 'refused'::text])))
  constraint rights_decision_pkey PRIMARY KEY (decision_id)
  constraint rights_decision_refused_uses_nothing CHECK (((outcome <> 'refused'::text) OR (sources_used = '{}'::text[])))
  CREATE INDEX rights_decision_by_time ON public.rights_decision USING btree (decided_at)
  CREATE UNIQUE INDEX rights_decision_once_per_key ON public.rights_decision USING btree (principal_id, idempotency_key) WHERE (idempotency_key IS NOT NULL)
  CREATE TRIGGER is_kept BEFORE DELETE OR UPDATE OR TRUNCATE ON public.rights_decision FOR EACH STATEMENT EXECUTE FUNCTION rights_decision_is_kept()

table run with (fillfactor=85)
  run_id uuid not null
  principal_id text collate "C" not null
  portfolios json not null
  idempotency_key text collate "C"
  body_hash text collate "C" not null
  pattern_id text collate "C" not null
  pattern_version text collate "C" not null
  inputs json not null
  portfolio_id text collate "C"
  asof_date date not null
  pricing_pack_id text collate "C" not null
  pack_hash text collate "C"
  pack_status text collate "C" not null
  ledger_commit_hash text collate "C" not null
  request_id text collate "C" not null
  trace_id text collate "C"
  traceparent text collate "C"
  plan json not null
  status text collate "C" not null default 'accepted'::text
  attempt integer not null default 0
  last_seq integer not null default 1
  created_at timestamp(3) with time zone not null default now()
  started_at timestamp with time zone
  finished_at timestamp with time zone
  next_check timestamp with time zone default (now() + '00:00:01'::interval)
  gate_terms json
  freshness json
  valid_until timestamp with time zone
  awaits_pack text collate "C"
  awaits_until timestamp with time zone
  awaited_pack text collate "C"
  build_asked_at timestamp with time zone
  repair json
  required_permissions text[] collate "C"
  queue_place integer not null default 1
  constraint run_awaiting_is_accepted CHECK (((awaits_pack IS NULL) OR ((status = 'accepted'::text) AND (awaits_until IS NOT NULL))))
  constraint run_finished_is_final CHECK (((finished_at IS NOT NULL) = (status = ANY (ARRAY['succeeded'::text, 'failed'::text, 'cancelled'::text]))))
  constraint run_open_is_checked CHECK (((next_check IS NULL) = (finished_at IS NOT NULL)))
  constraint run_pkey PRIMARY KEY (run_id)
  constraint run_started_has_pack CHECK (((pack_hash IS NOT NULL) OR (status = ANY (ARRAY['accepted'::text, 'failed'::text, 'cancelled'::text]))))
  constraint run_status_check CHECK ((status = ANY (ARRAY['accepted'::text, 'running'::text, 'succeeded'::text, 'failed'::text, 'cancelled'::text])))
  CREATE INDEX run_awaiting ON public.run USING btree (next_check) WHERE (awaits_pack IS NOT NULL)
  CREATE INDEX run_finished ON public.run USING btree (finished_at) WHERE (finished_at IS NOT NULL)
  CREATE INDEX run_newest_first ON public.run USING btree (principal_id, created_at DESC, run_id DESC)
  CREATE UNIQUE INDEX run_once_per_key ON public.run USING btree (principal_id, idempotency_key) WHERE (idempotency_key IS NOT NULL)
  CREATE INDEX run_open_by_principal ON public.run USING btree (principal_id) WHERE (finished_at IS NULL)
  CREATE INDEX run_to_check ON public.run USING btree (next_check) WHERE (next_check IS NOT NULL)

table run_attempt
  run_id uuid not null
  attempt integer not null
  worker_id text not null
  started_at timestamp with time zone not null default now()
  ended_at timestamp with time zone
  ended_as text
  traceparent text collate "C"
  constraint run_attempt_pkey PRIMARY KEY (run_id, attempt)
  constraint run_attempt_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(run_id) ON DELETE CASCADE

table run_event
  run_id uuid not null
  seq integer not null
  type text collate "C" not null
  at timestamp with time zone not null default now()
  data json not null
  constraint run_event_pkey PRIMARY KEY (run_id, seq)
  constraint run_event_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(run_id) ON DELETE CASCADE
  constraint run_event_seq_check CHECK ((seq > 1))

table run_outcome
  run_id uuid not null
  attempt integer not null
  status text collate "C" not null
  data text
  data_hash text
  provenance json
  error json
  finished_at timestamp with time zone not null default now()
  constraint run_outcome_failed_says_why CHECK (((status = 'failed'::text) = (error IS NOT NULL)))
  constraint run_outcome_pkey PRIMARY KEY (run_id)
  constraint run_outcome_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(run_id) ON DELETE CASCADE
  constraint run_outcome_status_check CHECK ((status = ANY (ARRAY['succeeded'::text, 'failed'::text, 'cancelled'::text])))
  constraint run_outcome_succeeded_has_data CHECK (((status = 'succeeded'::text) = (data IS NOT NULL)))

table run_spans
  run_id uuid not null
  part text not null
  spans json not null
  created_at timestamp with time zone not null default now()
  constraint run_spans_pkey PRIMARY KEY (run_id, part)
  constraint run_spans_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(run_id) ON DELETE CASCADE

table run_step
  run_id uuid not null
  step_index integer not null
  attempt integer not null
  status text collate "C" not null
  started_at timestamp with time zone
  duration_ms double precision
  cached boolean not null
  error_code text
  constraint run_step_pkey PRIMARY KEY (run_id, step_index)
  constraint run_step_run_id_fkey FOREIGN KEY (run_id) REFERENCES run(run_id) ON DELETE CASCADE
  constraint run_step_status_check CHECK ((status = ANY (ARRAY['pending'::text, 'running'::text, 'succeeded'::text, 'skipped'::text, 'failed'::text, 'cancelled'::text])))

table step_trace
  trace_key text collate "C" not null
  reads_hash text collate "C" not null
  capability text collate "C" not null
  agent_version text collate "C" not null
  args_hash text collate "C" not null
  reads json not null
  result text not null
  used_at timestamp with time zone not null default now()
  constraint step_trace_pkey PRIMARY KEY (trace_key, reads_hash)
  CREATE INDEX step_trace_least_recent ON public.step_trace USING btree (used_at)

table store_secret
  name text collate "C" not null
  value bytea not null
  constraint store_secret_pkey PRIMARY KEY (name)
  constraint store_secret_value_check CHECK ((length(value) = 32))

table worker_vitals
  worker_id text collate "C" not null
  started_at timestamp with time zone not null default now()
  reported_at timestamp with time zone not null default now()
  stopped_at timestamp with time zone
  report json not null
  constraint worker_vitals_pkey PRIMARY KEY (worker_id)
  constraint worker_vitals_report_is_small CHECK ((length((report)::text) <= 16384))

CREATE OR REPLACE FUNCTION public.pack_is_not_deleted()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    begin
      if old.built_at is not null then
        raise exception 'pack % is sealed: it cannot be deleted', old.pack_id
          using errcode = 'DW001', hint = 'Build a restatement.';
      elsif exists (select from prices where pack_id = old.pack_id)
          or exists (select from fx_rates where pack_id = old.pack_id) then
        raise exception 'pack % has rows', old.pack_id using errcode = 'foreign_key_violation';
      end if;
      return old;
    end $function$

CREATE OR REPLACE FUNCTION public.pack_is_not_truncated()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    begin
      raise exception 'pricing packs cannot be truncated' using errcode = 'DW001';
    end $function$

CREATE OR REPLACE FUNCTION public.pack_keeps_its_content()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    begin
      if (old.pack_id, old.asof_date, old.policy, old.restatement, old.created_at)
          is distinct from (new.pack_id, new.asof_date, new.policy, new.restatement, new.created_at)
        or (old.built_at is not null and
          (old.content_hash, old.built_at, old.price_count, old.rate_count, old.sources, old.report)
          is distinct from
          (new.content_hash, new.built_at, new.price_count, new.rate_count, new.sources, new.report)) then
        raise exception 'pack % is sealed: its content cannot be changed', old.pack_id
          using errcode = 'DW001', hint = 'Build a restatement.';
      end if;
      if old.superseded_by is not null and
          (old.superseded_by, old.superseded_reason)
          is distinct from (new.superseded_by, new.superseded_reason) then
        raise exception 'pack % is superseded by % already', old.pack_id, old.superseded_by
          using errcode = 'DW002';
      end if;
      if new.superseded_by is not null and new.built_at is null then
        raise exception 'pack % is not built: nothing can supersede it', old.pack_id using errcode = 'DW002';
      end if;
      if old.status <> new.status and (old.status, new.status) not in
          (('warming', 'fresh'), ('warming', 'error'), ('error', 'warming'), ('fresh', 'stale')) then
        raise exception 'pack % cannot go from % to %', old.pack_id, old.status, new.status
          using errcode = 'DW002';
      end if;
      new.updated_at := now();
      return new;
    end $function$

CREATE OR REPLACE FUNCTION public.pack_rows_never_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    begin
      raise exception 'the rows of a pricing pack cannot be changed or removed (% on %)', tg_op, tg_table_name
        using errcode = 'DW001', hint = 'Build a restatement.';
    end $function$

CREATE OR REPLACE FUNCTION public.pack_rows_only_before_seal()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    declare
      named text;
      found text;
    begin
      for named in select distinct pack_id from added loop
        -- the share lock holds off a seal until these rows are in
        select status into found from packs where pack_id = named for share;
        if found is null then
          raise exception 'there is no pack %', named using errcode = 'foreign_key_violation';
        elsif found <> 'warming' then
          raise exception 'pack % is %: no row can be added to it', named, found
            using errcode = 'DW001', hint = 'Build a restatement.';
        end if;
      end loop;
      return null;
    end $function$

CREATE OR REPLACE FUNCTION public.rights_decision_is_kept()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    begin
      raise exception 'the audit of rights decisions is append-only (% refused)', tg_op using errcode = 'DW003';
    end $function$
