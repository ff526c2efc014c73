-- Encode city as columns of 0 and 1.
CREATE TEMP TABLE "stage_2" AS
SELECT
  t."id",
  t."name",
  CASE WHEN t."city" = 'Berlin' THEN 1 ELSE 0 END AS "city_Berlin",
  CASE WHEN t."city" = 'Paris' THEN 1 ELSE 0 END AS "city_Paris",
  t."joined",
  t."amount",
  t."score",
  t."active",
  t."tags",
  t."when",
  t."row_number"
FROM "stage_1" AS t

-- 8 rows in, 8 out, 0 cells changed
-- city has more than 2 categories: the rest have 0 in all of its columns.
-- row 1, city_Berlin: null -> 1
-- row 2, city_Berlin: null -> 0
-- row 3, city_Berlin: null -> 0
-- row 1, city_Paris: null -> 0
-- row 2, city_Paris: null -> 1
-- row 3, city_Paris: null -> 0
-- id (integer) | name (text) | city_Berlin (integer) | city_Paris (integer) | joined (date) | amount (decimal) | score (integer) | active (boolean) | tags (text) | when (text)
-- 1 |  Anna  | 1 | 0 | 2024-01-05 | 10.50 | 1 | true | a;b;c | 05.01.2024
-- 2 | Bob | 0 | 1 | 2024-02-10 | 20.00 | 2 | false | a;b | 10.02.2024
-- 3 | bob | 0 | 0 | 2024-03-15 | ∅ | 3 | true | ∅ | 15.03.2024
-- 4 | Carla | 1 | 0 | 2024-04-20 | 40.25 | ∅ | false | x | 20.04.2024
-- 5 | Dirk | 0 | 0 | 2024-05-25 | 1000.00 | 5 | true | a;b;c;d | 25.05.2024
-- 5 | Dirk | 0 | 0 | 2024-05-25 | 1000.00 | 5 | true | a;b;c;d | 25.05.2024
-- 6 | Eva | 1 | 0 | 2024-06-30 | 30.75 | 2 | false | ∅ | 30.06.2024
-- 7 | ∅ | 0 | 1 | ∅ | 15.00 | 4 | true | b | 31.02.2024
