const c=require('./libs/contracts/dist/index.js'); const body={pattern_id:'portfolio_overview',portfolio_id:'growth'};
for(const [n,s,v] of [['exec',c.ExecuteRequestSchema,body],['ref',c.LedgerRefSchema,'HEAD']]){ for(let i=0;i<2000;i++)s.safeParse(v); const t=performance.now(); for(let i=0;i<2000;i++)s.safeParse(v); console.log(n,(performance.now()-t)/2,'us'); }
