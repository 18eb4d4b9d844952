import { inParallel, makePools, pool, sum } from "./pools";

async function main() {
  {
    const t0 = performance.now();
    const pools = await makePools(200, 20);
    console.log("made", performance.now() - t0);
    const { context } = pools;
    const r = await pools.during(() =>
      inParallel(pools.all, 16, ({ id, state }) => pool.read({ ...context, onlyLooks: true }, id, state)),
    );
    console.log(r, sum(r.calls));
    await pools.end();
  }
  {
    const t0 = performance.now();
    const pools = await makePools(200, 50);
    const { context } = pools;
    const r = await pools.during(() =>
      inParallel(pools.all, 200, ({ id, state, inputs }) =>
        pool.update(context, id, state, { ...inputs, count: 3 }),
      ),
    );
    console.log(r, sum(r.calls), performance.now() - t0);
    await pools.end();
  }
}
main();
