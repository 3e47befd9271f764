using Microsoft.Data.Analysis;

namespace MnistLab.Notebooks;

/// <summary>Compares the accuracies of several training recipes in a table, with their standard errors.</summary>
public static class EstimateTable
{
    /// <summary>
    /// Returns a row per recipe, in the given order: <c>recipe</c>, <c>runs</c>, the mean <c>accuracy</c> (in percent),
    /// its standard error (<c>±</c>), and <c>result</c>: which recipes are clearly below the most accurate one, and
    /// which are within the noise. The most accurate one is the best only if it is clearly above every other one.
    /// </summary>
    /// <param name="images">The number of images on which each accuracy was measured, at least 1.</param>
    /// <param name="recipes">The accuracies of the runs of each recipe, in [0, 1], by name.</param>
    /// <exception cref="ArgumentException">There are no recipes, or a recipe has no runs.</exception>
    public static DataFrame Compute(int images, params IReadOnlyList<(string Name, IReadOnlyList<double> Accuracies)> recipes)
    {
        ArgumentNullException.ThrowIfNull(recipes);
        if (recipes.Count == 0) throw new ArgumentException("There are no recipes to compare.", nameof(recipes));
        var estimates = recipes.Select(recipe => Estimate.Compute(recipe.Accuracies, images)).ToList();
        return new DataFrame(
            new StringDataFrameColumn("recipe", recipes.Select(recipe => recipe.Name)),
            new Int32DataFrameColumn("runs", recipes.Select(recipe => recipe.Accuracies.Count)),
            new DoubleDataFrameColumn("accuracy", estimates.Select(estimate => Math.Round(estimate.Value * 100, 1))),
            new DoubleDataFrameColumn("±", estimates.Select(estimate => Math.Round(estimate.Error * 100, 1))),
            new StringDataFrameColumn("result", Estimate.Compare([.. estimates])));
    }
}
