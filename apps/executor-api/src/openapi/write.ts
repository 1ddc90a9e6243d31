import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROUTES } from '../routes/table';
import { apiVersion } from '../version';
import { openApiText } from './document';

// npm run openapi -w @dawsos/executor-api: writes the committed document; a test compares the two.
writeFileSync(join(__dirname, '..', '..', 'openapi.json'), openApiText(ROUTES, apiVersion()));
