-- Join cities (left) where id is id.
CREATE TEMP TABLE "input_1" AS
SELECT
  t."city",
  t."country",
  CASE WHEN regexp_full_match(t."id", '\s*(?:[+-]?(?:0|[1-9][0-9]{0,14}))\s*') THEN TRY_CAST(t."id" AS BIGINT) END AS "id"
FROM "input_file" AS t;

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
  o."city" AS "city_theirs",
  o."country",
  t."row_number"
FROM "stage_1" AS t
LEFT JOIN "input_1" AS o ON t."id" = o."id"
ORDER BY t.rowid NULLS LAST, o.rowid NULLS LAST

-- 8 rows in, 8 out, 0 cells changed
-- id (integer) | name (text) | city (text) | joined (date) | amount (decimal) | score (integer) | active (boolean) | tags (text) | when (text) | city_theirs (text) | country (text)
-- 1 |  Anna  | Berlin | 2024-01-05 | 10.50 | 1 | true | a;b;c | 05.01.2024 | Berlin | Germany
-- 2 | Bob | Paris | 2024-02-10 | 20.00 | 2 | false | a;b | 10.02.2024 | Paris | France
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3 | true | ∅ | 15.03.2024 | Paris | Texas
-- 4 | Carla | Berlin | 2024-04-20 | 40.25 | ∅ | false | x | 20.04.2024 | Oslo | Norway
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | true | a;b;c;d | 25.05.2024 | ∅ | ∅
-- 5 | Dirk | Rome | 2024-05-25 | 1000.00 | 5 | true | a;b;c;d | 25.05.2024 | ∅ | ∅
-- 6 | Eva | Berlin | 2024-06-30 | 30.75 | 2 | false | ∅ | 30.06.2024 | ∅ | ∅
-- 7 | ∅ | Paris | ∅ | 15.00 | 4 | true | b | 31.02.2024 | ∅ | ∅
