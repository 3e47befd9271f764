namespace MnistLab.Models.Tests;

/// <summary>Stands for a class of the platform that user code derives from.</summary>
public abstract class PlatformBase
{
    public abstract string Describe();
}
