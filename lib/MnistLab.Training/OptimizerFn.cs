using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>Represents the optimizer of a run and its learning-rate schedule.</summary>
/// <param name="Name">The optimizer's name, as recorded in the event log and in checkpoints.</param>
/// <param name="Create">Creates the optimizer for a network's parameters.</param>
/// <param name="LearningRate">The learning rate of each step.</param>
public sealed record OptimizerFn(string Name, Func<IEnumerable<Parameter>, optim.Optimizer> Create, LearningRateSchedule LearningRate);
