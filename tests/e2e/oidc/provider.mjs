// An OpenID Connect provider for tests: `oidc-provider`, which is certified, with one client and the
// accounts that the test puts there. It wants PKCE, as providers do today.
//
//   node provider.mjs        prints `listening on http://127.0.0.1:PORT`
//   PUT /accounts/{sub}           sets the claims of an account (JSON)
//
// Its login form takes any name, with any password.

import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const require = createRequire(`${process.env.OIDC_MODULES}/`);
const { Provider } = await import(pathToFileURL(require.resolve('oidc-provider')).href);

const accounts = new Map();

const configuration = {
  clients: [{
    client_id: 'promgen',
    client_secret: 's3cret-client',
    redirect_uris: ['http://127.0.0.1/complete/oidc/'],
  }],
  pkce: { required: () => true },
  cookies: { keys: ['test'] },
  claims: {
    openid: ['sub'],
    profile: ['preferred_username', 'given_name', 'family_name', 'groups'],
    email: ['email', 'email_verified'],
  },
  findAccount: (_, sub) => ({
    accountId: sub,
    claims: () => ({ preferred_username: sub, ...accounts.get(sub), sub }),
  }),
  // Whoever logs in agrees to what the client asks for.
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope(ctx.oidc.params.scope);
    await grant.save();
    return grant;
  },
};

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, configuration);
  // Promgen listens on any free port.
  provider.Client.prototype.redirectUriAllowed = (uri) =>
    /^http:\/\/127\.0\.0\.1:\d+\/complete\/oidc\/$/.test(uri);
  const answer = provider.callback();
  server.on('request', async (request, response) => {
    const account = request.method === 'PUT' && /^\/accounts\/(.+)$/.exec(request.url);
    if (!account) {
      answer(request, response);
      return;
    }
    const chunks = await request.toArray();
    accounts.set(decodeURIComponent(account[1]), JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(204).end();
  });
  console.log(`listening on ${issuer}`);
});
