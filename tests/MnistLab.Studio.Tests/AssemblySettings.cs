using MnistLab.BrowserTesting;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(HeadlessChromium))]
// Each test has a separate lab, most of them also a page and kernels: two at a time are enough for a small machine.
[assembly: Parallelization(MaxThreads = 2)]
