using MnistLab.Training;

namespace MnistLab.Notebooks;

/// <summary>A training run with the options that were tried in it.</summary>
/// <param name="LearningRate">The learning rate.</param>
/// <param name="BatchSize">Samples per step.</param>
/// <param name="Run">The run, with at least one report on validation data.</param>
public sealed record Experiment(double LearningRate, int BatchSize, RunResult Run);
