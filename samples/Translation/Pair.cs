using Microsoft.ML.Data;

namespace Translation;

/// <summary>A row of the data: a sentence and its translation.</summary>
internal sealed class Pair
{
    [LoadColumn(0)]
    public string Source { get; set; } = "";

    [LoadColumn(1)]
    public string Target { get; set; } = "";
}

/// <summary>What the network writes.</summary>
internal sealed class Written
{
    public string PredictedText { get; set; } = "";
}
