namespace MnistLab.Course;

/// <summary>When a claim holds.</summary>
public enum ClaimKind
{
    /// <summary>With any data.</summary>
    Always,

    /// <summary>With the full MNIST.</summary>
    OnMnist,

    /// <summary>With the bundled sample.</summary>
    OnTheSample,

    /// <summary>Whatever the run shows: it is about the world.</summary>
    Fact,
}
