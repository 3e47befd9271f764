using Xunit.Sdk;
using Xunit.v3;

// TorchSharp's random generator is one for the whole process: two runs at once would disturb each other's weights.
[assembly: Parallelization(Mode = ParallelMode.None)]
