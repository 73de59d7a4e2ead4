using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace MLNet.Transformers.Interop;

/// <summary>What a catalog of trainers belongs to.</summary>
internal static class CatalogEnvironment
{
    /// <summary>The <see cref="MLContext"/> that the catalog was taken from.</summary>
    public static IHostEnvironment Environment(this TrainCatalogBase.CatalogInstantiatorBase catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return catalog.GetEnvironment();
    }
}
