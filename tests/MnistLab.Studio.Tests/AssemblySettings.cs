using Xunit.v3;

// Each test has a separate lab, most of them also a browser and kernels: two at a time are enough for a small machine.
[assembly: Parallelization(MaxThreads = 2)]
