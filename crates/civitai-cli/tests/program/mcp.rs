//! The server for agents, spoken to line by line.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use civitai_sim::SimTime;
use serde_json::{Value, json};

use crate::stage::{CANARY, Stage, program, run};

/// An agent with its server.
struct Agent {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    calls: u64,
    /// News of the last call.
    news: Vec<Value>,
}

impl Agent {
    fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let to = child.stdin.take().unwrap();
        let from = BufReader::new(child.stdout.take().unwrap());
        let mut agent = Self {
            child,
            to,
            from,
            calls: 0,
            news: Vec::new(),
        };
        let hello = agent.ask(
            "initialize",
            &json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } }),
        );
        assert_eq!(hello["serverInfo"]["name"], "civitai-jobs");
        agent.say(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        agent
    }

    fn say(&mut self, message: &Value) {
        writeln!(self.to, "{message}").unwrap();
        self.to.flush().unwrap();
    }

    fn send(&mut self, method: &str, params: &Value) -> u64 {
        self.calls += 1;
        let id = self.calls;
        self.say(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    fn ask(&mut self, method: &str, params: &Value) -> Value {
        let id = self.send(method, params);
        self.news.clear();
        loop {
            let mut line = String::new();
            assert_ne!(
                self.from.read_line(&mut line).unwrap(),
                0,
                "the server has gone"
            );
            assert!(!line.contains(CANARY), "{line}");
            // Nothing but the protocol goes to stdout.
            let mut message: Value = serde_json::from_str(&line).unwrap();
            if message["id"] == id {
                assert!(message.get("error").is_none(), "{message}");
                return message["result"].take();
            }
            self.news.push(message);
        }
    }

    fn call(&mut self, tool: &str, arguments: &Value) -> Value {
        let meta = json!({ "progressToken": tool });
        self.ask(
            "tools/call",
            &json!({ "name": tool, "arguments": arguments, "_meta": meta }),
        )
    }

    /// Calls a tool that does its work.
    fn done(&mut self, tool: &str, arguments: &Value) -> Value {
        let mut answer = self.call(tool, arguments);
        assert_ne!(answer["isError"], true, "{answer}");
        answer["structuredContent"].take()
    }

    /// Calls a tool that cannot, and returns why.
    fn refused(&mut self, tool: &str, arguments: &Value) -> String {
        let answer = self.call(tool, arguments);
        assert_eq!(answer["isError"], true, "{answer}");
        answer["content"][0]["text"].as_str().unwrap().to_owned()
    }

    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

fn fog(more: &Value) -> Value {
    let mut asked = json!({ "prompt": "fog", "width": 64, "height": 64, "seed": 7 });
    asked
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    asked
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_makes_pictures_until_its_budget_is_spent() {
    let stage = Stage::fast().await;
    let price = {
        let mut agent = Agent::start(stage.program(&["mcp", "--budget", "1000"]));
        let priced = agent.done("price", &json!({ "generate": fog(&json!({})) }));
        assert_eq!(
            (&priced["isWithinBudget"], &priced["budget"]["spent"]),
            (&true.into(), &0.into())
        );
        assert_eq!(stage.submissions(), 0);
        priced["cost"].as_f64().unwrap()
    };
    let budget = (price * 2.0).to_string();
    let mut agent = Agent::start(stage.program(&["mcp", "--budget", &budget, "--out", "pics"]));
    let tools = agent.ask("tools/list", &json!({}));
    let names: Vec<_> = tools["tools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tool| tool["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "cancel", "generate", "get", "list", "price", "resource", "run", "status"
        ]
    );

    let made = agent.call("generate", &fog(&json!({})));
    let found = &made["structuredContent"];
    let path = found["files"][0]["path"].as_str().unwrap();
    assert!(
        Path::new(path).is_file() && Path::new(path).is_absolute(),
        "{made}"
    );
    let link = made["content"]
        .as_array()
        .unwrap()
        .iter()
        .find(|content| content["type"] == "resource_link")
        .unwrap();
    assert_eq!(
        (&link["mimeType"], &link["uri"]),
        (&"image/png".into(), &format!("file://{path}").into())
    );
    assert_eq!(found["budget"]["spent"].as_f64(), Some(price));
    assert!(
        agent
            .news
            .iter()
            .any(|news| news["params"]["progressToken"] == "generate"),
        "{:?}",
        agent.news
    );
    let id = found["id"].as_str().unwrap().to_owned();

    // The same once more is meant so, in one session.
    assert_ne!(agent.done("generate", &fog(&json!({})))["id"], *id);
    let over = agent.refused("generate", &fog(&json!({})));
    assert!(over.contains("nothing was submitted"), "{over}");
    assert_eq!(
        agent.done("price", &json!({ "generate": fog(&json!({})) }))["isWithinBudget"],
        false
    );
    assert_eq!(stage.sim.workflows().len(), 2);

    assert_eq!(
        agent.done("status", &json!({ "id": id }))["state"],
        "succeeded"
    );
    let listed = agent.done("list", &json!({ "limit": 1 }));
    assert_eq!(listed["workflows"].as_array().unwrap().len(), 1);
    let model = json!({ "air": "urn:air:sd1:checkpoint:civitai:4384@128713" });
    assert_eq!(agent.done("resource", &model)["air"], model["air"]);
    // Fetching what is there costs nothing and makes no second file.
    assert_eq!(
        agent.done("get", &json!({ "id": id }))["files"][0]["path"],
        *path
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_killed_server_is_taken_up_and_pays_nothing_twice() {
    let stage = Stage::with(|sim| sim.time(SimTime::manual())).await;
    let mut agent = Agent::start(stage.program(&["mcp", "--budget", "100"]));
    let begun = agent.done("generate", &fog(&json!({ "waitSeconds": 0 })));
    assert_eq!(begun["state"], "running", "{begun}");
    agent.kill();

    let mut agent = Agent::start(stage.program(&["mcp", "--budget", "100"]));
    let again = agent.done("generate", &fog(&json!({ "waitSeconds": 0 })));
    assert_eq!(
        (&again["id"], &again["budget"]["spent"]),
        (&begun["id"], &0.into())
    );
    assert_eq!(stage.sim.workflows().len(), 1);
    // Called off, it is open no more.
    let id = json!({ "id": begun["id"] });
    assert_eq!(agent.done("cancel", &id)["state"], "canceled");
    assert!(agent.refused("get", &id).contains("canceled"));
}

/// Killed as soon as the service has the work, whether its answer has come or not.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_killed_while_it_pays_pays_once() {
    let stage = Stage::with(|sim| sim.time(SimTime::real(50.0))).await;
    let mut agent = Agent::start(stage.program(&["mcp", "--budget", "100"]));
    let arguments = fog(&json!({}));
    agent.send(
        "tools/call",
        &json!({ "name": "generate", "arguments": arguments }),
    );
    while stage.sim.workflows().is_empty() {
        std::thread::yield_now();
    }
    agent.kill();
    let mut agent = Agent::start(stage.program(&["mcp", "--budget", "100"]));
    assert_eq!(agent.done("generate", &arguments)["state"], "succeeded");
    assert_eq!((stage.sim.workflows().len(), stage.submissions()), (1, 1));
}

#[test]
fn what_is_wrong_is_said_to_the_agent() {
    let dir = tempfile::tempdir().unwrap();
    let none = run(program(dir.path(), &["mcp"]));
    assert_eq!(none.code, 2, "{none:?}");
    assert!(none.error().contains("--budget"), "{none:?}");

    let mut agent = Agent::start(program(dir.path(), &["mcp", "--local=max"]));
    let made = agent.done("generate", &fog(&json!({})));
    assert_eq!(
        (&made["state"], &made["budget"]),
        (&"succeeded".into(), &Value::Null)
    );
    let engine = agent.refused("generate", &fog(&json!({ "engine": "sdcp" })));
    assert!(engine.contains("did you mean `sdcpp`"), "{engine}");
    let member = agent.refused("generate", &fog(&json!({ "set": { "stepz": 3 } })));
    assert!(member.contains("did you mean `steps`"), "{member}");
    let half = agent.refused("generate", &json!({ "prompt": "fog", "width": 64 }));
    assert!(half.contains("width and height"), "{half}");
    let workflow = agent.refused("run", &json!({ "workflow": { "steps": [] } }));
    assert!(workflow.contains("steps"), "{workflow}");
    let steps = json!([{ "$type": "echo", "name": "a", "input": { "message": "fog" } }]);
    let echoed = agent.done("run", &json!({ "workflow": { "steps": steps } }));
    assert!(
        echoed["texts"][0].as_str().unwrap().contains("fog"),
        "{echoed}"
    );
    let id = agent.refused("status", &json!({ "id": "../x" }));
    assert!(id.contains("There is no such workflow"), "{id}");
}
