using MLNet.Transformers.TextToText;

namespace MLNet.Transformers;

public sealed partial class TransformersCatalog
{
    /// <summary>
    /// Turns the columns of any task into a source and a target, as T5 learns all tasks (Raffel et al. 2020): before <see cref="SequenceToSequence"/>, whose
    /// texts <see cref="TextToTextLabel"/>, <see cref="TextToTextNumber"/> or <see cref="TextToTextTags"/> turn back. Answers need no turning back: call the
    /// column of the written text PredictedAnswer.
    /// </summary>
    /// <param name="options">Template and columns.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    public TextToTextEstimator TextToTextInput(TextToTextInputOptions options) => new(_context, Check.NotNull(options, nameof(options)).Checked());

    /// <summary>Turns written texts into classes, with the columns that ML.NET's multiclass evaluator reads. A text that is no class's is none.</summary>
    /// <param name="options">Columns; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    public TextToTextEstimator TextToTextLabel(TextToTextOutputOptions? options = null)
    {
        options = (options ?? new TextToTextOutputOptions()).Checked();
        return new(_context, new TextToLabel(options.PredictedTextColumnName, options.LabelColumnName, options.PredictedLabelColumnName, options.ScoreColumnName));
    }

    /// <summary>Turns written texts into numbers, with the column that ML.NET's regression evaluator reads.</summary>
    /// <param name="options">Columns; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    public TextToTextEstimator TextToTextNumber(TextToTextOutputOptions? options = null)
    {
        options = (options ?? new TextToTextOutputOptions()).Checked();
        return new(_context, new TextToNumber(options.PredictedTextColumnName, options.ScoreColumnName, options.MissingNumber));
    }

    /// <summary>Turns written texts into a tag for each word: tags that are missing are filled up, and those that are too many left out.</summary>
    /// <param name="options">Columns; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    public TextToTextEstimator TextToTextTags(TextToTextOutputOptions? options = null)
    {
        options = (options ?? new TextToTextOutputOptions()).Checked();
        return new(_context, new TextToTags(options.PredictedTextColumnName, options.WordsColumnName, options.PredictedTagsColumnName, options.MissingTag));
    }
}
