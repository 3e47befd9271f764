using CsCheck;
using MnistLab.Training.Results;

namespace MnistLab.Training.Tests;

public sealed class ConfusionMatrixTests
{
    [Fact]
    public void Figures_OfAWorkedExample_AreThoseOfTheDefinitions()
    {
        // Class 0: three samples, two of them recognized; class 1: two samples, both recognized, and one 0 was
        // predicted as 1.
        var matrix = new ConfusionMatrix([0, 0, 0, 1, 1], [0, 0, 1, 1, 1], classes: 2);

        Assert.Equal((2, 1, 0, 2), (matrix[0, 0], matrix[0, 1], matrix[1, 0], matrix[1, 1]));
        Assert.Equal(0.8, matrix.Accuracy, 12);
        Assert.Equal(1.0, matrix.Precision(0), 12);
        Assert.Equal(2 / 3.0, matrix.Recall(0), 12);
        Assert.Equal(0.8, matrix.F1(0), 12);
        Assert.Equal(2 / 3.0, matrix.Precision(1), 12);
        Assert.Equal((1 + (2 / 3.0)) / 2, matrix.Mean(matrix.Precision), 12);
    }

    [Fact]
    public void Figures_OfAClassThatNeverOccurs_AreZero()
    {
        var matrix = new ConfusionMatrix([0], [0], classes: 2);
        Assert.Equal((0.0, 0.0, 0.0), (matrix.Precision(1), matrix.Recall(1), matrix.F1(1)));
    }

    [Fact]
    public void Counts_OfAnyPredictions_AddUp() => Gen.Byte[0, 9].Array[1, 200]
        .SelectMany(labels => Gen.Byte[0, 9].Array[labels.Length].Select(predictions => (labels, predictions)))
        .Sample(pair =>
    {
        var matrix = new ConfusionMatrix(pair.labels, pair.predictions);
        var sum = Enumerable.Range(0, 10).Sum(label => Enumerable.Range(0, 10).Sum(prediction => matrix[label, prediction]));
        Assert.Equal(pair.labels.Length, sum);
        Assert.Equal(pair.labels.Zip(pair.predictions).Count(both => both.First == both.Second), matrix.Correct);
    });

    [Fact]
    public void Create_FromUnequalNumbers_IsRefused() => Assert.Throws<ArgumentException>(() => new ConfusionMatrix([1, 2], [1]));
}
