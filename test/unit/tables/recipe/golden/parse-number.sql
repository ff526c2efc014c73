-- Read amount as numbers.
CREATE TEMP TABLE "stage_1" AS
SELECT
  t."id",
  t."name",
  t."city",
  t."joined",
  CASE WHEN regexp_full_match(t."amount", '\s*(?:[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|\.[0-9]+|(?:0|[1-9][0-9]*)?\.[0-9]+[eE][+-]?[0-9]+|(?:0|[1-9][0-9]*)[eE][+-][0-9]+))\s*') THEN TRY_CAST(t."amount" AS DOUBLE) END AS "amount",
  t."score",
  t."active",
  t."tags",
  t."when",
  t."row_number",
  CASE WHEN CAST(t."amount" AS VARCHAR) IS DISTINCT FROM CAST(CASE WHEN regexp_full_match(t."amount", '\s*(?:[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|\.[0-9]+|(?:0|[1-9][0-9]*)?\.[0-9]+[eE][+-]?[0-9]+|(?:0|[1-9][0-9]*)[eE][+-][0-9]+))\s*') THEN TRY_CAST(t."amount" AS DOUBLE) END AS VARCHAR) THEN 1 ELSE 0 END AS "changed_1",
  CASE WHEN t."amount" IS NOT NULL AND CASE WHEN regexp_full_match(t."amount", '\s*(?:[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?|\.[0-9]+|(?:0|[1-9][0-9]*)?\.[0-9]+[eE][+-]?[0-9]+|(?:0|[1-9][0-9]*)[eE][+-][0-9]+))\s*') THEN TRY_CAST(t."amount" AS DOUBLE) END IS NULL THEN 1 ELSE 0 END AS "lost_1"
FROM "sample" AS t

-- 8 rows in, 8 out, 5 cells changed
-- row 1, amount: 10.50 -> 10.5
-- row 2, amount: 20.00 -> 20.0
-- row 5, amount: 1000.00 -> 1000.0
-- id (text) | name (text) | city (text) | joined (text) | amount (decimal) | score (text) | active (text) | tags (text) | when (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.5 | 1 | yes | a;b;c | 05.01.2024
-- 2 | Bob | Paris | 2024-02-10 | 20.0 | 2 | no | a;b | 10.02.2024
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3 | yes | ∅ | 15.03.2024
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | ∅ | no | x | 20.04.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.0 | 5 | yes | a;b;c;d | 25.05.2024
-- 5 | Dirk | Rome | 2024-05-25 | 1000.0 | 5 | yes | a;b;c;d | 25.05.2024
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2 | no | ∅ | 30.06.2024
-- 7 | ∅ | Paris | ∅ | 15.0 | 4 | yes | b | 31.02.2024
