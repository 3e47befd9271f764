using Xunit.v3;

// Each test has a lab of its own, most of them a browser and kernels, too: two at a time are enough for a small machine.
[assembly: Parallelization(MaxThreads = 2)]
