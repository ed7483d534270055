//! What a running simulator tells about version 2.

use crate::v2::wallet::{Currency, Transaction};

use super::Simulator;

impl Simulator {
    /// Returns the Buzz left on one account of version 2.
    pub fn buzz(&self, currency: Currency) -> u64 {
        self.shared.v2().wallet().balance(currency)
    }

    /// Returns all Buzz that moved for workflows, in order.
    pub fn ledger(&self) -> Vec<Transaction> {
        self.shared.v2().wallet().ledger().to_vec()
    }

    /// Returns the ids of the workflows that were accepted and can still be had, oldest first.
    pub fn workflows(&self) -> Vec<String> {
        let state = self.shared.v2();
        let kept = state.store().kept(state.now());
        kept.filter_map(|(_, workflow)| workflow.id().map(ToOwned::to_owned))
            .collect()
    }
}
