-- Compute ratio as amount / (score - 2).
-- in a process of its own
SELECT (amount / (score - 2)) FROM "data";

CREATE TEMP TABLE "stage_2" AS
SELECT
  t."id",
  t."name",
  t."city",
  t."joined",
  t."amount",
  t."score",
  t."active",
  t."tags",
  t."when",
  r."value_2" AS "ratio",
  t."row_number"
FROM "stage_1" AS t POSITIONAL JOIN "r_2" AS r

-- 8 rows in, 8 out, 0 cells changed
-- 2 rows divide by 0; the result is missing there.
-- row 1, ratio: null -> -10.5
-- row 2, ratio: null -> null
-- row 3, ratio: null -> null
-- id (integer) | name (text) | city (text) | joined (date) | amount (decimal) | score (integer) | active (boolean) | tags (text) | when (text) | ratio (decimal)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.50 | 1 | true | a;b;c | 05.01.2024 | -10.5
-- 2 | Bob | Paris | 2024-02-10 | 20.00 | 2 | false | a;b | 10.02.2024 | ∅
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3 | true | ∅ | 15.03.2024 | ∅
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | ∅ | false | x | 20.04.2024 | ∅
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | true | a;b;c;d | 25.05.2024 | 333.3333333333333
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | true | a;b;c;d | 25.05.2024 | 333.3333333333333
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2 | false | ∅ | 30.06.2024 | ∅
-- 7 | ∅ | Paris | ∅ | 15.00 | 4 | true | b | 31.02.2024 | 7.5
