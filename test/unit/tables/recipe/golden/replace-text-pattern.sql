-- Replace what matches "^(\d+)\.(\d+)\." with "\2/\1/" in when.
CREATE TEMP TABLE "stage_1" AS
SELECT
  t."id",
  t."name",
  t."city",
  t."joined",
  t."amount",
  t."score",
  t."active",
  t."tags",
  regexp_replace(t."when", '^(\d+)\.(\d+)\.', '\2/\1/', 'g') AS "when",
  t."row_number",
  CASE WHEN CAST(t."when" AS VARCHAR) IS DISTINCT FROM CAST(regexp_replace(t."when", '^(\d+)\.(\d+)\.', '\2/\1/', 'g') AS VARCHAR) THEN 1 ELSE 0 END AS "changed_1"
FROM "sample" AS t

-- 8 rows in, 8 out, 8 cells changed
-- row 1, when: 05.01.2024 -> 01/05/2024
-- row 2, when: 10.02.2024 -> 02/10/2024
-- row 3, when: 15.03.2024 -> 03/15/2024
-- id (text) | name (text) | city (text) | joined (text) | amount (text) | score (text) | active (text) | tags (text) | when (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.50 | 1 | yes | a;b;c | 01/05/2024
-- 2 | Bob | Paris | 2024-02-10 | 20.00 | 2 | no | a;b | 02/10/2024
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3 | yes | ∅ | 03/15/2024
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | ∅ | no | x | 04/20/2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | yes | a;b;c;d | 05/25/2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | yes | a;b;c;d | 05/25/2024
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2 | no | ∅ | 06/30/2024
-- 7 | ∅ | Paris | ∅ | 15.00 | 4 | yes | b | 02/31/2024
