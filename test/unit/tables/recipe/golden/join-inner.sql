-- Join cities (inner) where city is city.
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
  t."when",
  o."country",
  o."id" AS "id_2",
  t."row_number"
FROM "sample" AS t
INNER JOIN "input_file" AS o ON t."city" = o."city"
ORDER BY t.rowid NULLS LAST, o.rowid NULLS LAST

-- 8 rows in, 7 out, 0 cells changed
-- without rows 3, 5, 6
-- id (text) | name (text) | city (text) | joined (text) | amount (text) | score (text) | active (text) | tags (text) | when (text) | country (text) | id_2 (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.50 | 1 | yes | a;b;c | 05.01.2024 | Germany | 1
-- 2 | Bob | Paris | 2024-02-10 | 20.00 | 2 | no | a;b | 10.02.2024 | France | 2
-- 2 | Bob | Paris | 2024-02-10 | 20.00 | 2 | no | a;b | 10.02.2024 | Texas | 3
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | ∅ | no | x | 20.04.2024 | Germany | 1
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2 | no | ∅ | 30.06.2024 | Germany | 1
-- 7 | ∅ | Paris | ∅ | 15.00 | 4 | yes | b | 31.02.2024 | France | 2
-- 7 | ∅ | Paris | ∅ | 15.00 | 4 | yes | b | 31.02.2024 | Texas | 3
