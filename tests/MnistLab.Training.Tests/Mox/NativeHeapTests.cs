using System.Globalization;
using MnistLab.Training.Networks;

namespace MnistLab.Training.Tests;

public sealed class NativeHeapTests
{
    // If each step returned its memory to the system, a step of LeNet would cause about 1,800 page faults.
    private const int MaxFaultsPerStep = 500;

    [Fact]
    public void Run_AfterItsFirstSteps_MapsHardlyAnyMemory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Page faults are counted as Linux reports them.");
        var faults = new PageFaults(from: 20);

        Mox.Run(
            _ => Digits.Few,
            _ => ModelSpec.Classifier(DigitModels.LeNet5()),
            Mox.GetOptimizerFn("adamw", 0.003),
            batchSize: 96,
            maxNumberOfSteps: 60,
            log: TextWriter.Null,
            hooks: [faults]).Network.Dispose();

        Assert.InRange(faults.PerStep, 0, MaxFaultsPerStep);
    }

    /// <summary>Counts the page faults of this process in the steps of a run.</summary>
    private sealed class PageFaults(long from) : RunHook
    {
        private long _first;

        public double PerStep { get; private set; } = double.NaN;

        public override void AfterStep(RunContext run, double loss)
        {
            if (run.Step == from) _first = Count();
            if (run.Step > from) PerStep = (Count() - _first) / (double)(run.Step - from);
        }

        // The eighth field after the name of the program, which may contain spaces: "minflt" in proc(5).
        private static long Count() => long.Parse(
            File.ReadAllText("/proc/self/stat").Split(')')[^1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[7],
            CultureInfo.InvariantCulture);
    }
}
