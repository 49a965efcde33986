-- Cases that were registered and accepted within the last two hours and wait for the machine; what the duty list names for
-- them is known. For most of them an agent agreed to the item that was suggested. Parameters: cases, citizens,
-- first_citizen, first_case.

INSERT INTO intake_case (id, number, state, request_type, title, content, wish, reply_way, address, house_code,
       place_source, urgency, is_secret, is_sensitive, is_repeat, needs_callback, may_publish, round, registered_at, registered_by,
       accepted_at, refusal_reason, row_version, area_id, holder_id, item_id, channel_id, citizen_id, awaits_person)
SELECT n, 'SZ' || chr((65 + n / 260000 %% 26)::int) || chr((65 + n / 10000 %% 26)::int)
           || to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYYMMDDHH24MISS') || lpad((n %% 10000)::text, 4, '0'),
       'awaiting_dispatch', (array['help', 'complaint', 'consult', 'report', 'suggestion'])[1 + floor(5 * s)],
       left(area_name || name, 120), area_name || '：' || example || '。' || repeat('希望尽快处理，谢谢。', 1 + (g %% 5)),
       '', 'phone', area_name || (g %% 300) || '号', '', 'chosen', CASE WHEN d > 0.97 THEN 'urgent' ELSE 'normal' END,
       false, false, false, false, false, 1, at, '坐席', at, '', 2, area_id,
       (SELECT id FROM grid_unit WHERE kind = 'centre' AND level = 1), item_id,
       (SELECT min(id) FROM intake_channel WHERE code = 'hotline'),
       CASE WHEN g %% 10 < 7 THEN %(first_citizen)s + floor(%(citizens)s * b * 0.999)::bigint END, false
  FROM gen_case
 CROSS JOIN LATERAL (SELECT %(first_case)s + g AS n,
                            now() - interval '2 hours' * (1 - g::float / %(cases)s) AS at) AS given
 ORDER BY g;

INSERT INTO intake_confirmation (case_id, item_id, suggested_id, confirmed_by, confirmed_at, revision)
SELECT %(first_case)s + g, item_id, item_id, 'agent', now(),
       nextval(pg_get_serial_sequence('intake_confirmation', 'id'))
  FROM gen_case WHERE o < 0.8 ORDER BY g;

SELECT setval(pg_get_serial_sequence('intake_case', 'id'), (SELECT max(id) FROM intake_case));
