namespace MnistLab.Data.Datasets;

/// <summary>What one of the four files of a dataset is for.</summary>
public enum DatasetFileRole
{
    /// <summary>The pictures to learn from.</summary>
    TrainImages,

    /// <summary>What they show.</summary>
    TrainLabels,

    /// <summary>The pictures to be examined on.</summary>
    TestImages,

    /// <summary>What they show.</summary>
    TestLabels,
}
