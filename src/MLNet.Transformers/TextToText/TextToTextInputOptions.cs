using MLNet.Transformers.TextToText;

namespace MLNet.Transformers;

/// <summary>Settings of <see cref="TransformersCatalog.TextToTextInput"/>.</summary>
public sealed class TextToTextInputOptions
{
    /// <summary>
    /// What becomes the source, with the names of columns in braces: see <see cref="TextToTextTemplates"/>. A column holds a text, or a vector of texts, which
    /// are separated by blanks: one that is missing is written as '_', and so are blanks within one, so that words and tags keep their places.
    /// </summary>
    /// <value>"{Text}".</value>
    public string Template { get; set; } = "{Text}";

    /// <summary>
    /// Column of what is to be predicted: a key or a vector of keys with values, a text or a vector of texts, or a number; null: there is none. Rows
    /// to predict may lack it.
    /// </summary>
    /// <value>"Label".</value>
    public string? LabelColumnName { get; set; } = "Label";

    /// <summary>Of numbers: the step that they are rounded to, above 0.</summary>
    /// <value>0.2.</value>
    public double Step { get; set; } = 0.2;

    /// <summary>Column for the source.</summary>
    /// <value>"Source".</value>
    public string SourceColumnName { get; set; } = "Source";

    /// <summary>Column for the target; empty where there is nothing to predict.</summary>
    /// <value>"Target".</value>
    public string TargetColumnName { get; set; } = "Target";

    internal TextConversion Checked()
    {
        Check.OutputColumns((SourceColumnName, nameof(SourceColumnName)), (TargetColumnName, nameof(TargetColumnName)));
        Check.Between(Step, double.Epsilon, double.MaxValue, nameof(Step));
        if (LabelColumnName is not null)
        {
            Check.ColumnName(LabelColumnName, nameof(LabelColumnName));
        }
        TaskToText.CheckTemplate(Check.NotNull(Template, nameof(Template)), nameof(Template));
        return new TaskToText(Template, LabelColumnName, Step, SourceColumnName, TargetColumnName);
    }
}
