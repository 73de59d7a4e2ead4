namespace MLNet.Transformers;

/// <summary>What the options of all tasks have in common. They are checked and copied once, when the estimator is made: later changes do not reach it.</summary>
public abstract class TextOptions
{
    private protected TextOptions()
    {
    }

    /// <summary>Rows that the network computes at once, at least 1; in training the rows of a step.</summary>
    /// <value>32.</value>
    public int BatchSize { get; set; } = 32;

    /// <summary>Most tokens of a row, special tokens included; longer texts are cut and counted in the log. Null: as many as the network takes.</summary>
    /// <value>null.</value>
    public int? MaxTokens { get; set; }

    /// <summary>Number format of the computation; where a network is trained, in training and in the transformer that comes out of it.</summary>
    /// <value><see cref="Precision.Float32"/>.</value>
    public Precision Precision { get; set; } = Precision.Float32;

    /// <summary>A checked copy, down to what the options refer to.</summary>
    /// <exception cref="ArgumentException">A value is not allowed.</exception>
    internal static T Checked<T>(T options)
        where T : TextOptions
    {
        var copy = (T)options.MemberwiseClone();
        copy.CopyContents();
        copy.Validate();
        return copy;
    }

    /// <summary>Replaces what the options refer to, and others may change, by copies.</summary>
    private protected virtual void CopyContents()
    {
    }

    private protected virtual void Validate()
    {
        Check.AtLeast(BatchSize, 1, nameof(BatchSize));
        Check.AtLeast(MaxTokens, 3, nameof(MaxTokens));
        Check.Computes(Precision, nameof(Precision));
    }
}
