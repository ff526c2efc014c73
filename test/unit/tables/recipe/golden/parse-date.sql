-- Read when as dates written %d.%m.%Y.
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
  CASE WHEN regexp_full_match(t."when", '\s*(?:[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4})\s*') THEN CAST(try_strptime(t."when", '%d.%m.%Y') AS DATE) END AS "when",
  t."row_number",
  CASE WHEN CAST(t."when" AS VARCHAR) IS DISTINCT FROM CAST(CASE WHEN regexp_full_match(t."when", '\s*(?:[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4})\s*') THEN CAST(try_strptime(t."when", '%d.%m.%Y') AS DATE) END AS VARCHAR) THEN 1 ELSE 0 END AS "changed_1",
  CASE WHEN t."when" IS NOT NULL AND CASE WHEN regexp_full_match(t."when", '\s*(?:[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4})\s*') THEN CAST(try_strptime(t."when", '%d.%m.%Y') AS DATE) END IS NULL THEN 1 ELSE 0 END AS "lost_1"
FROM "sample" AS t

-- 8 rows in, 8 out, 8 cells changed
-- 1 value does not fit and is missing now.
-- row 1, when: 05.01.2024 -> 2024-01-05
-- row 2, when: 10.02.2024 -> 2024-02-10
-- row 3, when: 15.03.2024 -> 2024-03-15
-- id (text) | name (text) | city (text) | joined (text) | amount (text) | score (text) | active (text) | tags (text) | when (date)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.50 | 1 | yes | a;b;c | 2024-01-05
-- 2 | Bob | Paris | 2024-02-10 | 20.00 | 2 | no | a;b | 2024-02-10
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3 | yes | ∅ | 2024-03-15
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | ∅ | no | x | 2024-04-20
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | yes | a;b;c;d | 2024-05-25
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | yes | a;b;c;d | 2024-05-25
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2 | no | ∅ | 2024-06-30
-- 7 | ∅ | Paris | ∅ | 15.00 | 4 | yes | b | ∅
