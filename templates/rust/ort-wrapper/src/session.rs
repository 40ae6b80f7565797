//! Sessions: a model that is loaded, run as often as wanted.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use ort::ep::{ExecutionProviderDispatch, CUDA as CudaProvider};
use ort::session::builder::{GraphOptimizationLevel, SessionBuilder as OrtBuilder};
use ort::session::{Session as OrtSession, SessionInputValue};
use ort::value::{DynValue, Outlet, ValueType};

use crate::{Error, Result};

/// Names of providers as ONNX Runtime says them.
pub const CPU: &str = "CPUExecutionProvider";
pub const CUDA: &str = "CUDAExecutionProvider";

/// What runs the model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Provider {
    /// The CPU.
    #[default]
    Cpu,
    /// This GPU; where that is not possible there is no session.
    Cuda(i32),
    /// This GPU where that is possible, else the CPU: [`Session::provider`] says which, [`Session::cuda_error`] why.
    CudaIfAvailable(i32),
}

/// Outputs of a model by their names.
pub type Outputs = BTreeMap<String, DynValue>;

/// Collects options, then makes sessions: as many as wanted, all with the same options. Without any, sessions run on
/// the CPU with a thread for each core and every optimization.
#[derive(Clone, Debug, Default)]
pub struct SessionBuilder {
    provider: Provider,
    threads: usize,
    branches: Option<usize>,
    optimization: Option<GraphOptimizationLevel>,
    config: Vec<(String, String)>,
}

impl SessionBuilder {
    pub fn new() -> Self {
        Self::default()
    }

    /// What runs the model.
    pub fn provider(mut self, provider: Provider) -> Self {
        self.provider = provider;
        self
    }

    /// Threads that one operator may use; 0: as many as there are cores.
    pub fn threads(mut self, count: usize) -> Self {
        self.threads = count;
        self
    }

    /// Operators that do not need each other run at the same time, on so many threads; otherwise one after another.
    pub fn parallel_branches(mut self, threads: usize) -> Self {
        self.branches = Some(threads);
        self
    }

    /// How the graph is optimized before it runs.
    pub fn optimization(mut self, level: GraphOptimizationLevel) -> Self {
        self.optimization = Some(level);
        self
    }

    /// An entry of ONNX Runtime's `onnxruntime_session_options_config_keys.h`.
    pub fn config(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.config.push((key.into(), value.into()));
        self
    }

    /// A session for the model in a file.
    pub fn from_file(&self, model: impl AsRef<Path>) -> Result<Session> {
        self.build(|builder| builder.commit_from_file(model.as_ref()))
    }

    /// A session for the model in memory, which may go away afterwards.
    pub fn from_memory(&self, model: &[u8]) -> Result<Session> {
        self.build(|builder| builder.commit_from_memory(model))
    }

    fn build(&self, commit: impl Fn(&mut OrtBuilder) -> ort::Result<OrtSession>) -> Result<Session> {
        crate::init()?;
        let made = |session, provider, cuda_error| {
            Ok(Session {
                session: Mutex::new(session),
                provider,
                cuda_error,
            })
        };
        match self.provider {
            Provider::Cpu => made(commit(&mut self.options()?)?, CPU, None),
            Provider::Cuda(device) => made(self.on_cuda(device, &commit)?, CUDA, None),
            Provider::CudaIfAvailable(device) => match self.on_cuda(device, &commit) {
                Ok(session) => made(session, CUDA, None),
                Err(error) => made(commit(&mut self.options()?)?, CPU, Some(error)),
            },
        }
    }

    fn on_cuda(
        &self,
        device: i32,
        commit: impl Fn(&mut OrtBuilder) -> ort::Result<OrtSession>,
    ) -> Result<OrtSession> {
        let cuda: ExecutionProviderDispatch = CudaProvider::default().with_device_id(device).build();
        Ok(commit(
            &mut self
                .options()?
                .with_execution_providers([cuda.error_on_failure()])?,
        )?)
    }

    fn options(&self) -> Result<OrtBuilder> {
        let mut builder = OrtSession::builder()?.with_intra_threads(self.threads)?;
        if let Some(threads) = self.branches {
            builder = builder
                .with_parallel_execution(true)?
                .with_inter_threads(threads)?;
        }
        if let Some(level) = self.optimization {
            builder = builder.with_optimization_level(level)?;
        }
        for (key, value) in &self.config {
            builder = builder.with_config_entry(key, value)?;
        }
        Ok(builder)
    }
}

/// A loaded model. Made by a [`SessionBuilder`].
pub struct Session {
    session: Mutex<OrtSession>,
    provider: &'static str,
    cuda_error: Option<Error>,
}

impl Session {
    /// Runs the model once on named inputs and gives all its outputs. Threads may share a session, and take turns;
    /// sessions of their own run at the same time.
    ///
    /// ```no_run
    /// # use ort_wrapper::ort::{inputs, value::Tensor};
    /// # fn run(session: ort_wrapper::Session) -> ort_wrapper::Result<()> {
    /// let outputs = session.infer(inputs! {"x" => Tensor::from_array(([2, 2], vec![1.0f32, 2.0, 3.0, 4.0]))?})?;
    /// println!("{}", outputs["y"].try_extract_array::<f32>()?);
    /// # Ok(())
    /// # }
    /// ```
    pub fn infer<'i, 'v: 'i>(&self, inputs: Vec<(Cow<'i, str>, SessionInputValue<'v>)>) -> Result<Outputs> {
        let mut session = self.lock();
        let missing = session
            .inputs()
            .iter()
            .find(|input| input.dtype().is_tensor() && !inputs.iter().any(|(name, _)| name == input.name()));
        if let Some(input) = missing {
            return Err(Error::MissingInput(input.name().to_owned()));
        }
        let outputs = session.run(inputs)?;
        Ok(outputs
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect())
    }

    /// The model's inputs: names and types, with shapes that hold -1 for lengths that it leaves open.
    pub fn inputs(&self) -> Vec<(String, ValueType)> {
        self.lock().inputs().iter().map(described).collect()
    }

    /// The model's outputs.
    pub fn outputs(&self) -> Vec<(String, ValueType)> {
        self.lock().outputs().iter().map(described).collect()
    }

    /// The provider that is in use: [`CUDA`] or [`CPU`]. Operators that CUDA has no kernel for run on the CPU all
    /// the same.
    pub fn provider(&self) -> &'static str {
        self.provider
    }

    /// Why a session that should use CUDA if available does not.
    pub fn cuda_error(&self) -> Option<&Error> {
        self.cuda_error.as_ref()
    }

    /// A run that panicked leaves the session as it was.
    fn lock(&self) -> MutexGuard<'_, OrtSession> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn described(outlet: &Outlet) -> (String, ValueType) {
    (outlet.name().to_owned(), outlet.dtype().clone())
}
