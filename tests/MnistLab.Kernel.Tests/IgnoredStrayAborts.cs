namespace MnistLab.Kernel.Tests;

public sealed class IgnoredStrayAborts
{
    public IgnoredStrayAborts() => StrayAborts.Ignore();
}
