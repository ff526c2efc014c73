import { savedRecipe, type SavedRecipe } from '#shared/domain';
import type { Database } from './database.ts';

/** Recipes that were kept for later. */
export class RecipeRecords {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** By name. */
  list(): readonly SavedRecipe[] {
    return this.#db
      .all(`SELECT id, document, created_at FROM recipes ORDER BY json_extract(document, '$.name'), id`)
      .map((row) =>
        savedRecipe.parse({
          id: row['id'],
          recipe: JSON.parse(String(row['document'])),
          createdAt: row['created_at'],
        }),
      );
  }

  save({ id, recipe, createdAt }: SavedRecipe): void {
    this.#db.run(
      `INSERT INTO recipes (id, document, created_at) VALUES (:id, :document, :createdAt)
       ON CONFLICT (id) DO UPDATE SET document = excluded.document`,
      { id, document: JSON.stringify(recipe), createdAt },
    );
  }

  remove(id: string): void {
    this.#db.run('DELETE FROM recipes WHERE id = :id', { id });
  }
}
