using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MnistLab.Training;

/// <summary>How to make the optimizer of a run, and the learning rate of each of its steps.</summary>
/// <param name="Name">The optimizer's name, as the run's record shows it.</param>
/// <param name="Create">Makes the optimizer for a network's parameters.</param>
/// <param name="LearningRate">The learning rate of each step.</param>
public sealed record OptimizerFn(string Name, Func<IEnumerable<Parameter>, optim.Optimizer> Create, LearningRateSchedule LearningRate);
