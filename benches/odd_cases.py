"""Odd but legitimate cases of one item, simulated period by period with numpy and by `stockcast simulate --json`.

    python benches/odd_cases.py target/release/stockcast [CASE ...]

Fifteen cases (demand, lead times that cross or keep their sequence, lost sales, backorders and shares of them, packs, minimums, shelf life, every plain policy),
four figures each; |z| is the difference in its standard errors. All cases share a seed and an item, so their errors go together.
"""
import json, math, os, subprocess, sys, tempfile
import numpy as np
BIN=sys.argv[1]; only=sys.argv[2:] 
N=4000; 
def sim(dem, lead, policy, lost, h, p, K, w=None, T=400, warm=100, pack=0, minimum=0, R=1, cross=True, life=None, fifo=True, S0=0, rng=None, integer=True, first=None, yld=None):
    """dem(t, n)->array; lead(n)->int array; policy(ip)->(order qty before packs)"""
    n=N; rng=rng
    H=T+warm
    Lmax=60
    coming=np.zeros((n,H+Lmax+2)); net=np.full(n,float(S0)); ip=net.copy(); last=np.zeros(n,int)
    cost=np.zeros(n); D=np.zeros(n); M=np.zeros(n); disc=np.zeros(n); G=np.zeros(n)
    shelf=None
    if life: shelf=np.zeros((n,life)); shelf[:,life-1]=S0   # index = periods left-1
    back=np.zeros(n)
    for t in range(H):
        if t==warm: cost[:]=0; D[:]=0; M[:]=0; disc[:]=0; G[:]=0
        a=coming[:,t]
        d=dem(t,n)
        if life:
            shelf[:,life-1]+=a
            need=back+0.0
            def take(need):
                got=np.zeros(n)
                order=range(life) if fifo else range(life-1,-1,-1)
                for k in order:
                    x=np.minimum(shelf[:,k],need-got); shelf[:,k]-=x; got+=x
                return got
            back-=take(back)
            s=take(d); miss=d-s
            out=shelf[:,0].copy(); 
            ip-= (s if lost==1 else d)
            if lost<1: back+=miss
            ip-=out
            shelf[:,:-1]=shelf[:,1:]; shelf[:,-1]=0
            disc+=out
            held=shelf.sum(1); wait=back
        else:
            net+=a
            s=np.minimum(d,np.maximum(net,0)); miss=d-s
            if lost>=1: gone=miss
            elif lost<=0: gone=np.zeros(n)
            else:
                gone=np.minimum(np.floor(lost*miss+rng.random(n)),miss) if integer else lost*miss
            net-=d-gone; ip-=d-gone; G+=gone
            held=np.maximum(net,0); wait=np.maximum(-net,0)
        if life: G+= miss if lost==1 else 0
        cost+=h*held
        if lost>=1: cost+=p*miss
        elif lost<=0: cost+=p*wait
        else: cost+=p*gone+w*wait
        D+=d; M+=miss
        if (t-(R-1))%R==0:
            q=policy(ip,t)
            on=q>0
            q=np.where(on,np.maximum(q,minimum),0)
            if pack>0: q=np.where(on,np.maximum(np.ceil(q/pack-1e-9),1)*pack,0)
            L=lead(n); arr=t+1+L
            if not cross:
                arr=np.where(on,np.maximum(arr,last),arr); last=np.where(on,arr,last)
            keep=on&(arr<H+Lmax+1)
            idx=np.nonzero(keep)[0]
            np.add.at(coming,(idx,arr[idx]),q[idx])
            ip+=q; cost+=K*on
    return dict(total_cost_per_period=cost/T, fill_rate=1-M/D, units_lost=G, units_discarded=disc)
def sS(s,S): return lambda ip,t: np.where(ip<=s, S-ip, 0)
def base(S): return lambda ip,t: np.maximum(S-ip,0)
def sQ(s,Q): return lambda ip,t: np.where(ip<=s, Q, 0)
def nQ(s,Q): return lambda ip,t: np.where(ip<=s, (np.floor((s-ip)/Q)+1)*Q, 0)
fix=lambda L: (lambda n: np.full(n,L))
rng=np.random.default_rng(11)
po=lambda m:(lambda t,n: rng.poisson(m,n).astype(float))
def choice(v,w):
    w=np.array(w,float)/sum(w); v=np.array(v)
    return lambda n: v[rng.choice(len(v),size=n,p=w)]
def choiced(v,w):
    c=choice(v,w); return lambda t,n: c(n).astype(float)
def nbin(m,sd):
    v=sd*sd; r=m*m/(v-m); q=m/v
    return lambda t,n: rng.negative_binomial(r,q,n).astype(float)
def gam(m,sd): 
    k=m*m/sd/sd; return lambda t,n: rng.gamma(k,m/k,n)
seas=[2,9,4,0,7]
C={}
C['poisson_sS_randomlead_cross_lost']=('distribution="poisson"\nmean=5.0','lead_time={values=[0,2,5],weights=[1,2,1]}','holding=0.3\nshortage=6.0\norder=8.0','kind="sS"\ns=18\nS=35',
  lambda: sim(po(5),choice([0,2,5],[1,2,1]),sS(18,35),1,.3,6,8,S0=35))
C['same_in_sequence']=('distribution="poisson"\nmean=5.0','lead_time={values=[0,2,5],weights=[1,2,1]}\norders_cross=false','holding=0.3\nshortage=6.0\norder=8.0','kind="sS"\ns=18\nS=35',
  lambda: sim(po(5),choice([0,2,5],[1,2,1]),sS(18,35),1,.3,6,8,S0=35,cross=False))
C['compound_discrete_sQ_backorder']=('distribution="discrete"\nvalues=[0,1,6,20]\nweights=[60,25,10,5]','lead_time=3\nunmet_demand="backorder"','holding=0.2\nshortage=2.0\norder=5.0','kind="sQ"\ns=10\nQ=25',
  lambda: sim(choiced([0,1,6,20],[60,25,10,5]),fix(3),sQ(10,25),0,.2,2,5,S0=35))
C['geometric_base_lost']=('distribution="geometric"\nmean=2.5','lead_time=1','holding=0.5\nshortage=4.0','kind="base_stock"\nS=12',
  lambda: sim(nbin(2.5,math.sqrt(2.5+6.25)),fix(1),base(12),1,.5,4,0,S0=12))
C['gamma_RS_backorder']=('distribution="gamma"\nmean=10.0\nsd=6.0','lead_time=2\nunmet_demand="backorder"\nreview_period=3','holding=0.2\nshortage=2.0\norder=4.0','kind="RS"\nS=70',
  lambda: sim(gam(10,6),fix(2),base(70),0,.2,2,4,S0=70,R=3,integer=False))
C['normal_truncated_lost']=('distribution="normal"\nmean=3.0\nsd=4.0','lead_time=1','holding=0.5\nshortage=4.0','kind="base_stock"\nS=14',
  lambda: sim(lambda t,n: np.maximum(rng.normal(3,4,n),0),fix(1),base(14),1,.5,4,0,S0=14,integer=False))
C['seasonal_table_RsnQ_lost']=('distribution="deterministic"\nvalues=[2,9,4,0,7]','lead_time={values=[1,2],weights=[1,1]}','holding=0.5\nshortage=4.0\norder=3.0','kind="RsnQ"\ns=12\nQ=6',
  lambda: sim(lambda t,n: np.full(n,float(seas[t%5])),choice([1,2],[1,1]),nQ(12,6),1,.5,4,3,S0=18))
C['negbin_packs_minimum_lost']=('distribution="negative_binomial"\nmean=4.0\nsd=5.0','lead_time=2\npack_size=6\nminimum=15','holding=0.2\nshortage=5.0\norder=2.0','kind="sS"\ns=14\nS=20',
  lambda: sim(nbin(4,5),fix(2),sS(14,20),1,.2,5,2,S0=20,pack=6,minimum=15))
C['perishable_fifo_lost']=('distribution="poisson"\nmean=4.0','lead_time=1\nshelf_life=3','holding=0.2\nshortage=5.0\nunit=2.0','kind="base_stock"\nS=13',
  lambda: sim(po(4),fix(1),base(13),1,.2,5,0,S0=13,life=3))
C['perishable_lifo_lost']=('distribution="poisson"\nmean=4.0','lead_time=1\nshelf_life=3\nissue="lifo"','holding=0.2\nshortage=5.0\nunit=2.0','kind="base_stock"\nS=13',
  lambda: sim(po(4),fix(1),base(13),1,.2,5,0,S0=13,life=3,fifo=False))
C['share_poisson_sS_random']=('distribution="poisson"\nmean=5.0','lead_time={values=[1,4],weights=[2,1]}\nlost=0.6','holding=0.3\nshortage=6.0\norder=8.0\nwaiting=1.2','kind="sS"\ns=14\nS=30',
  lambda: sim(po(5),choice([1,4],[2,1]),sS(14,30),.6,.3,6,8,w=1.2,S0=30,rng=rng))
C['share_gamma_base']=('distribution="gamma"\nmean=10.0\nsd=6.0','lead_time=2\nlost=0.25','holding=0.3\nshortage=6.0\nwaiting=1.0','kind="base_stock"\nS=38',
  lambda: sim(gam(10,6),fix(2),base(38),.25,.3,6,0,w=1.0,S0=38,rng=rng,integer=False))
C['kanban_backorder']=('distribution="poisson"\nmean=6.0','lead_time=2\nunmet_demand="backorder"','holding=0.3\nshortage=4.0\norder=1.0','kind="kanban"\ncards=5\nQ=6',
  lambda: sim(po(6),fix(2),nQ(24,6),0,.3,4,1,S0=30))
C['intermittent_long_lead_lost']=('distribution="discrete"\nvalues=[0,1,2]\nweights=[95,4,1]','lead_time={values=[0,10],weights=[1,1]}','holding=0.01\nshortage=5.0\norder=0.5','kind="sS"\ns=1\nS=2',
  lambda: sim(choiced([0,1,2],[95,4,1]),choice([0,10],[1,1]),sS(1,2),1,.01,5,.5,S0=2))
C['lognormal_lead0_sS']=('distribution="lognormal"\nmean=8.0\nsd=8.0','lead_time=0','holding=0.3\nshortage=3.0\norder=10.0','kind="sS"\ns=10\nS=40',
  lambda: sim(lambda t,n:(lambda v: rng.lognormal(math.log(8)-v/2,math.sqrt(v),n))(math.log(2)),fix(0),sS(10,40),1,.3,3,10,S0=40,integer=False))
FILE=os.path.join(tempfile.mkdtemp(),'case.toml')
bad=0
for name,(d,s,c,p,f) in C.items():
    if only and name not in only: continue
    open(FILE,'w').write(f"version=1\nseed=9\nreplications=1000\nperiods=400\nwarm_up=100\n[demand]\n{d}\n[supply]\n{s}\n[cost]\n{c}\n[policy]\n{p}\n")
    r=subprocess.run([BIN,'simulate',FILE,'--json','--threads','1'],capture_output=True,text=True)
    if r.returncode: print(name,'FAILED',r.stderr[:400]); bad+=1; continue
    v=json.loads(r.stdout)['series'][0]
    ref=f()
    for k in ['total_cost_per_period','fill_rate','units_lost','units_discarded']:
        m=v[k]['mean']; hw=v[k]['half_width']
        x=ref[k]
        if k=='total_cost_per_period' and 'life' in s or 'shelf_life' in s and k=='total_cost_per_period': x=x+2.0*ref['units_discarded']/400
        rm=x.mean(); rh=1.96*x.std()/math.sqrt(N)
        z=(m-rm)/max(math.hypot(hw,rh)/1.96,1e-12) if (hw+rh)>1e-12 else (0 if abs(m-rm)<1e-9*max(1,abs(rm)) else 99)
        if abs(z)>3.3: bad+=1
        print(f"{name:36s} {k:24s} {m:10.4f} ±{hw:.4f}  ref {rm:10.4f} ±{rh:.4f}  z={z:+.2f}{'  <<<' if abs(z)>3.3 else ''}")
print('disagree:',bad)
