namespace MnistLab.Course;

/// <summary>Specifies the data that a claim applies to.</summary>
public enum ClaimKind
{
    /// <summary>The claim applies to any data.</summary>
    Always,

    /// <summary>The claim applies to the full MNIST dataset.</summary>
    OnMnist,

    /// <summary>The claim applies to the bundled sample.</summary>
    OnTheSample,

    /// <summary>The claim states a fact that does not depend on the run.</summary>
    Fact,
}
