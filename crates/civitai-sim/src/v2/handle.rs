//! What a running simulator tells about version 2.

use crate::simulator::Simulator;

use super::wallet::{Currency, Transaction};

impl Simulator {
    /// The Buzz left on one account of version 2.
    pub fn buzz(&self, currency: Currency) -> u64 {
        self.shared().orchestrator().wallet().balance(currency)
    }

    /// All Buzz that moved for workflows, in order.
    pub fn ledger(&self) -> Vec<Transaction> {
        self.shared().orchestrator().wallet().ledger().to_vec()
    }

    /// The ids of the workflows that were accepted and not deleted, oldest first.
    pub fn workflows(&self) -> Vec<String> {
        let orchestrator = self.shared().orchestrator();
        let kept = orchestrator.kept();
        kept.filter_map(|(_, workflow)| workflow.id.clone())
            .collect()
    }
}
