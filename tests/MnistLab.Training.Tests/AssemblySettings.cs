using Xunit.Sdk;
using Xunit.v3;

// TorchSharp's random generator is shared by the whole process, so two concurrent runs would affect each other's
// weights.
[assembly: Parallelization(Mode = ParallelMode.None)]
