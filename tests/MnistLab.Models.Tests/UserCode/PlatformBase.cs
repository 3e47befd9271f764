namespace MnistLab.Models.Tests;

/// <summary>Represents a class of the platform from which user code derives.</summary>
public abstract class PlatformBase
{
    public abstract string Describe();
}
