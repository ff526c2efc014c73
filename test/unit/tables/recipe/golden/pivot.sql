-- Make a column of each value of city.
CREATE TEMP TABLE "stage_2" AS
SELECT
  t."active",
  CAST(sum(t."score" ORDER BY t.rowid) FILTER (WHERE CAST(t."city" AS VARCHAR) = 'Berlin') AS DECIMAL(38, 0)) AS "Berlin",
  CAST(sum(t."score" ORDER BY t.rowid) FILTER (WHERE CAST(t."city" AS VARCHAR) = 'Paris') AS DECIMAL(38, 0)) AS "Paris",
  CAST(sum(t."score" ORDER BY t.rowid) FILTER (WHERE CAST(t."city" AS VARCHAR) = 'Rome') AS DECIMAL(38, 0)) AS "Rome",
  CAST(sum(t."score" ORDER BY t.rowid) FILTER (WHERE t."city" IS NULL) AS DECIMAL(38, 0)) AS "missing"
FROM "stage_1" AS t
GROUP BY t."active"
ORDER BY t."active" ASC NULLS LAST

-- 8 rows in, 2 out, ? cells changed
-- active (boolean) | Berlin (integer) | Paris (integer) | Rome (integer) | missing (integer)
-- false | 2 | 2 | ∅ | ∅
-- true | 1 | 4 | 10 | 3
