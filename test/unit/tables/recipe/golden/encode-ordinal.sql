-- Encode city, active as numbers.
CREATE TEMP TABLE "stage_2" AS
SELECT
  t."id",
  t."name",
  CASE WHEN t."city" IS NOT NULL THEN coalesce(list_position(['Berlin', 'Paris', 'Rome'], t."city"), 0) - 1 END AS "city",
  t."joined",
  t."amount",
  t."score",
  CASE WHEN CAST(t."active" AS VARCHAR) IS NOT NULL THEN coalesce(list_position(['false', 'true'], CAST(t."active" AS VARCHAR)), 0) - 1 END AS "active",
  t."tags",
  t."when",
  t."row_number",
  CASE WHEN CAST(t."city" AS VARCHAR) IS DISTINCT FROM CAST(CASE WHEN t."city" IS NOT NULL THEN coalesce(list_position(['Berlin', 'Paris', 'Rome'], t."city"), 0) - 1 END AS VARCHAR) THEN 1 ELSE 0 END + CASE WHEN CAST(t."active" AS VARCHAR) IS DISTINCT FROM CAST(CASE WHEN CAST(t."active" AS VARCHAR) IS NOT NULL THEN coalesce(list_position(['false', 'true'], CAST(t."active" AS VARCHAR)), 0) - 1 END AS VARCHAR) THEN 1 ELSE 0 END AS "changed_2"
FROM "stage_1" AS t

-- 8 rows in, 8 out, 15 cells changed
-- row 1, city: Berlin -> 0
-- row 2, city: Paris -> 1
-- row 4, city: Berlin -> 0
-- row 1, active: true -> 1
-- row 2, active: false -> 0
-- row 3, active: true -> 1
-- id (integer) | name (text) | city (integer) | joined (date) | amount (decimal) | score (integer) | active (integer) | tags (text) | when (text)
-- 1 |  Anna  | 0 | 2024-01-05 | 10.50 | 1 | 1 | a;b;c | 05.01.2024
-- 2 | Bob | 1 | 2024-02-10 | 20.00 | 2 | 0 | a;b | 10.02.2024
-- 3 | bob | ∅ | 2024-03-15 | ∅ | 3 | 1 | ∅ | 15.03.2024
-- 4 | Carla | 0 | 2024-04-20 | 40.25 | ∅ | 0 | x | 20.04.2024
-- 5 | Dirk | 2 | 2024-05-25 | 1000.00 | 5 | 1 | a;b;c;d | 25.05.2024
-- 5 | Dirk | 2 | 2024-05-25 | 1000.00 | 5 | 1 | a;b;c;d | 25.05.2024
-- 6 | Eva | 0 | 2024-06-30 | 30.75 | 2 | 0 | ∅ | 30.06.2024
-- 7 | ∅ | 1 | ∅ | 15.00 | 4 | 1 | b | 31.02.2024
