import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: '../../schema.graphql',
  documents: ['src/**/*.{ts,tsx}', '!src/api/generated/**'],
  silent: true,
  generates: {
    'src/api/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        // The text is sent as it is: no parser of GraphQL in the page.
        documentMode: 'string',
        enumsAsTypes: true,
        onlyOperationTypes: false,
        useTypeImports: true,
        scalars: { DateTime: 'string', JSON: 'unknown', Long: 'number' },
      },
    },
  },
};

export default config;
