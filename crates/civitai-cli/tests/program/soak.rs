//! Much paid work while everything goes wrong: answers are lost, files break off, processes are killed, alone
//! and many at once. Nothing is lost, nothing is paid twice, and the ledger agrees with the service.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use civitai_sim::{BlobFault, Fault, Scenario, SimTime};
use serde_json::{Value, json};
use wait_timeout::ChildExt as _;

use crate::stage::Stage;

/// What goes wrong with requests that make no work.
const ROUGH: &str = r#"{"requests": [
    {"on": {"method": "GET", "path": "/v*", "chance": 0.05}, "do": [{"fault": "status", "status": 503}]},
    {"on": {"method": "GET", "path": "/v*", "chance": 0.02}, "do": [{"fault": "status", "status": 429, "retryAfter": "1"}]},
    {"on": {"method": "GET", "path": "/v*", "chance": 0.05}, "do": [{"fault": "truncate"}]},
    {"on": {"method": "GET", "path": "/v*", "chance": 0.02}, "do": [{"fault": "status", "status": 200, "page": "html"}]},
    {"on": {"server": "storage", "chance": 0.1}, "do": [{"fault": "reset"}]},
    {"on": {"server": "storage", "chance": 0.05}, "do": [{"fault": "status", "status": 503, "page": "xml"}]}
]}"#;
/// How long the slowest part may take.
const PATIENCE: Duration = Duration::from_secs(600);
/// Rounds in which all must be done; in the last of them nobody is killed.
const ROUNDS: usize = 12;

/// One run: so many pictures by each version of the API, and so many clients at once.
#[derive(Clone, Copy)]
struct Soak {
    seed: u64,
    works: usize,
    clients: usize,
}

/// What the service has of each work, by its prompt: Buzz, and how often.
type Held = BTreeMap<String, usize>;

async fn stage(seed: u64) -> Stage {
    let rough: Scenario = ROUGH.parse().unwrap();
    Stage::with(|sim| {
        sim.seed(seed)
            .time(SimTime::real(1_000.0))
            .workers(64)
            .scenario(rough)
            .balance(1e9)
            .buzz(civitai_sim::Currency::Blue, 1_000_000_000)
            .chance(0.08, Fault::DropReply)
            .chance(0.04, Fault::TruncateBody)
            .chance(0.04, Fault::EmptyBody)
            .chance(0.04, Fault::StatusAfter(503))
            .chance(0.04, Fault::DropConnection)
            .chance(0.04, Fault::Status(503))
            .blob_chance(0.1, BlobFault::Cut)
            .blob_chance(0.05, BlobFault::Short)
            .blob_chance(0.05, BlobFault::Replaced)
            .blob_chance(0.05, BlobFault::Expired)
    })
    .await
}

impl Soak {
    fn prompt(self, work: usize) -> String {
        format!("fog {} {work}", self.seed)
    }

    fn folder(work: usize) -> String {
        format!("out/{work}")
    }

    /// Runs the program, and kills it at some moment in every other case.
    fn run(self, stage: &Stage, args: &[&str], chance: &mut fastrand::Rng, kills: bool) {
        let mut command = stage.program(args);
        let command = command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let is_killed = kills && chance.bool();
        let end = if is_killed {
            Duration::from_millis(chance.u64(..400))
        } else {
            PATIENCE
        };
        if child.wait_timeout(end).unwrap().is_none() {
            assert!(is_killed, "{args:?} does not end");
            let _ended_before = child.kill();
            child.wait().unwrap();
        }
    }

    /// Asks for all of these works, by as many clients at once.
    fn ask(self, stage: &Stage, works: &[usize], kills: bool) {
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for client in 0..self.clients {
                let next = &next;
                scope.spawn(move || {
                    let mut chance = fastrand::Rng::with_seed(self.seed * 1_000 + client as u64);
                    while let Some(work) = works.get(next.fetch_add(1, Ordering::Relaxed)) {
                        let (prompt, folder) = (self.prompt(*work), Self::folder(*work));
                        let api = if work % 2 == 0 { "v1" } else { "v2" };
                        let args = [
                            "generate", &prompt, "--size", "64x64", "--seed", "7", "--api", api,
                            "--out", &folder,
                        ];
                        self.run(stage, &args, &mut chance, kills);
                    }
                });
            }
        });
    }

    async fn hold(self) {
        let stage = stage(self.seed).await;
        let mut chance = fastrand::Rng::with_seed(self.seed);
        let mut missing: Vec<usize> = (0..self.works * 2).collect();
        for round in 0..ROUNDS {
            let kills = round < ROUNDS / 2;
            tokio::task::block_in_place(|| {
                self.ask(&stage, &missing, kills);
                for _ in 0..ROUNDS {
                    self.run(&stage, &["resume"], &mut chance, kills);
                    if stage.run(&["resume"]).stderr == "nothing is open\n" {
                        break;
                    }
                }
            });
            let held = self.held(&stage).await;
            missing.retain(|work| !held.contains_key(&self.prompt(*work)));
            if missing.is_empty() {
                return self.compare(&stage, &held);
            }
        }
        panic!("{} works were never begun", missing.len());
    }

    /// What the service has, by prompts.
    async fn held(self, stage: &Stage) -> Held {
        let mut held = Held::new();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let url = |path: &str| format!("{}{path}", stage.sim.base_url());
        let mut cursor = String::new();
        loop {
            let list = url(&format!("/v2/consumer/workflows?take=100{cursor}"));
            let page = read(|| http.get(&list).bearer_auth(stage.sim.token())).await;
            for one in page["items"].as_array().unwrap() {
                let prompt = one["steps"][0]["input"]["prompt"].as_str().unwrap();
                *held.entry(prompt.to_owned()).or_default() += 1;
            }
            let Some(next) = page["next"].as_str() else {
                break;
            };
            cursor = format!("&cursor={next}");
        }
        let mut body = json!({"properties": {}});
        loop {
            let list = url("/v1/consumer/jobs/query?detailed=true");
            let page = read(|| http.post(&list).bearer_auth(stage.sim.token()).json(&body)).await;
            let jobs = page["jobs"].as_array().unwrap();
            for one in jobs {
                let prompt = one["job"]["params"]["prompt"].as_str().unwrap();
                *held.entry(prompt.to_owned()).or_default() += 1;
            }
            if jobs.is_empty() || page["cursor"].is_null() {
                break;
            }
            body["cursor"] = page["cursor"].clone();
        }
        held
    }

    /// Each work once at the service, once in the ledger and once on disk, for what was paid.
    fn compare(self, stage: &Stage, held: &Held) {
        assert_eq!(held.len(), self.works * 2, "works that nobody asked for");
        for (prompt, count) in held {
            assert_eq!(
                *count, 1,
                "seed {}: `{prompt}` was paid {count} times",
                self.seed
            );
        }
        let ran = stage.run(&["list", "--local", "--json", "--limit", "100000"]);
        let mut recorded: Vec<Value> = ran.events();
        // What the service did not take was asked for again.
        recorded.retain(|one| one["state"] != "refused");
        assert_eq!(
            recorded.len(),
            self.works * 2,
            "seed {}: {recorded:#?}",
            self.seed
        );
        let mut costs = BTreeMap::from([("v1", 0.0), ("v2", 0.0)]);
        for one in &recorded {
            assert_eq!(one["state"], "saved", "{one}");
            let api = one["api"].as_str().unwrap();
            *costs.get_mut(api).unwrap() += one["cost"].as_f64().unwrap();
        }
        let paid = stage.paid() as f64;
        assert!(
            (costs["v2"] - paid).abs() < 1e-6,
            "{costs:?}, and {paid} was paid"
        );
        let paid = 1e9 - stage.sim.balance();
        assert!(
            (costs["v1"] - paid).abs() < 1e-3,
            "{costs:?}, and {paid} was paid"
        );
        for work in 0..self.works * 2 {
            let folder = stage.dir.path().join(Self::folder(work));
            let files = pictures(&folder);
            assert_eq!(files.len(), 1, "seed {}: {files:?}", self.seed);
            let file = std::fs::File::open(&files[0]).unwrap();
            let read = png::Decoder::new(std::io::BufReader::new(file)).read_info();
            let mut read = read.unwrap();
            let mut bytes = vec![0; read.output_buffer_size().unwrap()];
            read.next_frame(&mut bytes).unwrap();
        }
    }
}

/// The files that are done; what a cut transfer leaves is hidden, and goes when it is a day old.
fn pictures(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    let shown = |path: &PathBuf| !path.file_name().unwrap().to_string_lossy().starts_with('.');
    paths.filter(shown).collect()
}

/// The answer to a question that may be asked again, whatever goes wrong.
async fn read(ask: impl Fn() -> reqwest::RequestBuilder) -> Value {
    for _ in 0..100 {
        let Ok(reply) = ask().send().await else {
            continue;
        };
        if reply.status() == 200
            && let Ok(value) = reply.json().await
        {
            return value;
        }
    }
    panic!("the service does not answer");
}

#[tokio::test(flavor = "multi_thread")]
async fn little_work_is_done_once_whatever_happens() {
    let (seed, works, clients) = (1, 10, 8);
    Soak {
        seed,
        works,
        clients,
    }
    .hold()
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
#[ignore = "4,000 works in some fifteen minutes"]
async fn much_work_is_done_once_whatever_happens() {
    // Mostly one client waits at a time, and so all seeds go at once; then two of them with 64 clients each.
    for (works, clients, at_once) in [(20, 1, 5), (180, 64, 2)] {
        let seeds: Vec<u64> = (1..=10).collect();
        for seeds in seeds.chunks(at_once) {
            let begun = Instant::now();
            let soaks = seeds.iter().map(|seed| {
                let seed = *seed;
                tokio::spawn(
                    Soak {
                        seed,
                        works,
                        clients,
                    }
                    .hold(),
                )
            });
            for soak in soaks.collect::<Vec<_>>() {
                soak.await.unwrap();
            }
            println!(
                "seeds {seeds:?}: {works} of each, {clients} at once, {:?}",
                begun.elapsed()
            );
        }
    }
}
