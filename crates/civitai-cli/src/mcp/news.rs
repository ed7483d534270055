//! News of work that is waited for, where the agent asked for it.

use rmcp::RoleServer;
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::{Peer, RequestContext};

/// Where news of one call goes.
pub(super) struct News {
    peer: Peer<RoleServer>,
    token: Option<ProgressToken>,
}

impl News {
    pub(super) fn of(context: &RequestContext<RoleServer>) -> Self {
        Self {
            peer: context.peer.clone(),
            token: context.meta.get_progress_token(),
        }
    }

    /// Tells how far the work is, in percent, and in words.
    pub(super) async fn tell(&self, percent: f64, words: String) {
        let Some(token) = self.token.clone() else {
            return;
        };
        let mut news = ProgressNotificationParam::new(token, percent);
        news.total = Some(100.0);
        news.message = Some(words);
        // An agent that has gone away needs no news; the end of the call tells the rest.
        let _ = self.peer.notify_progress(news).await;
    }
}
