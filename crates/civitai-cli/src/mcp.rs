//! The server for agents: tools of the Model Context Protocol, over the library and the ledger.

use std::path::PathBuf;
use std::sync::Arc;

use civitai_jobs::Budget;
use rmcp::handler::server::router::tool::ToolRouter;
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{CallToolResult, Implementation, ServerCapabilities, ServerConfig};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler, ServiceExt, tool, tool_handler, tool_router};

use crate::failure::Failure;
use crate::run::Run;
use asked::{Generate, Listed, Model, Price, RunWorkflow, Waiting, Work};
use desk::Desk;
use news::News;

mod answer;
mod asked;
mod desk;
mod news;

/// What an agent is told of all tools together.
const INSTRUCTIONS: &str = "\
Makes images, videos, sound and text with Civitai. Work is paid in Buzz, within a budget that was set for this \
session and cannot be changed; each result tells what is left. `price` costs nothing. Paid tools wait for the work \
and save its files; where it takes longer, they give its id, with which `get` goes on. What is paid is never paid \
twice: a request that was cut off before, by a crash or a lost connection, is taken up when it is made again.";

/// Serves an agent.
#[derive(Clone)]
pub(crate) struct Server {
    desk: Arc<Desk>,
    tool_router: ToolRouter<Self>,
}

#[tool_router]
impl Server {
    /// Creates a server that spends from a budget and saves files into a folder.
    pub(crate) fn new(run: Run, budget: Option<Budget>, folder: PathBuf) -> Self {
        Self {
            desk: Arc::new(Desk::new(run, budget, folder)),
            tool_router: Self::tool_router(),
        }
    }

    /// Serves over stdin and stdout until the agent goes away.
    pub(crate) async fn serve(self) -> Result<(), Failure> {
        let running = ServiceExt::serve(self, rmcp::transport::stdio()).await;
        let running =
            running.map_err(|error| Failure::system("no agent has said hello", &error))?;
        let ended = running.waiting().await;
        let broken = |error| Failure::system("the protocol broke off", &error);
        ended.map(drop).map_err(broken)
    }

    #[tool(description = "Makes images from a prompt. Paid; see `price`.")]
    async fn generate(
        &self,
        Parameters(asked): Parameters<Generate>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        let news = News::of(&context);
        answer::of(self.desk.generate(asked, &news).await)
    }

    #[tool(
        description = "Runs a workflow of any steps: images, videos, upscaling, sound, speech, chat. Paid; see `price`."
    )]
    async fn run(
        &self,
        Parameters(asked): Parameters<RunWorkflow>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        let news = News::of(&context);
        answer::of(self.desk.run(asked, &news).await)
    }

    #[tool(
        description = "Says what `generate` or `run` would cost. Nothing runs, and nothing is paid.",
        annotations(read_only_hint = true)
    )]
    async fn price(&self, Parameters(asked): Parameters<Price>) -> CallToolResult {
        answer::of(self.desk.price(asked).await)
    }

    #[tool(
        description = "Waits for work and saves its files, those that are missing alone. Costs nothing."
    )]
    async fn get(
        &self,
        Parameters(asked): Parameters<Waiting>,
        context: RequestContext<RoleServer>,
    ) -> CallToolResult {
        let news = News::of(&context);
        answer::of(self.desk.get(asked, &news).await)
    }

    #[tool(
        description = "Says where work stands, without waiting.",
        annotations(read_only_hint = true)
    )]
    async fn status(&self, Parameters(asked): Parameters<Work>) -> CallToolResult {
        answer::of(self.desk.status(asked).await)
    }

    #[tool(
        description = "Lists the newest workflows of the account.",
        annotations(read_only_hint = true)
    )]
    async fn list(&self, Parameters(asked): Parameters<Listed>) -> CallToolResult {
        answer::of(self.desk.list(asked).await)
    }

    #[tool(
        description = "Cancels work. What has not run is given back by the service.",
        annotations(destructive_hint = true)
    )]
    async fn cancel(&self, Parameters(asked): Parameters<Work>) -> CallToolResult {
        answer::of(self.desk.cancel(asked).await)
    }

    #[tool(
        description = "Says what is known of a model or another resource by its AIR, such as \
                       urn:air:sd1:checkpoint:civitai:4384@128713.",
        annotations(read_only_hint = true)
    )]
    async fn resource(&self, Parameters(asked): Parameters<Model>) -> CallToolResult {
        answer::of(self.desk.resource(asked).await)
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().build();
        ServerConfig::new(capabilities)
            .with_server_info(Implementation::new(
                "civitai-jobs",
                env!("CARGO_PKG_VERSION"),
            ))
            .with_instructions(INSTRUCTIONS)
    }
}
