namespace MLNet.Transformers;

/// <summary>What BLEU makes of a length of runs that has no match (Chen and Cherry 2014), by sacreBLEU's names.</summary>
public enum BleuSmoothing
{
    /// <summary>"exp": each such length counts half of the one before (NIST).</summary>
    Exponential,

    /// <summary>"floor": a small number of matches in place of none.</summary>
    Floor,

    /// <summary>"add-k": as many more matches, and runs, of every length above one.</summary>
    AddK,

    /// <summary>"none": the score is 0.</summary>
    None,
}
