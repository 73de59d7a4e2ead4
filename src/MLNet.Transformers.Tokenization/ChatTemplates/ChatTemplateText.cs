namespace MLNet.Transformers.Tokenization.ChatTemplates;

/// <summary>A template as a file holds it.</summary>
/// <param name="Text">The template (Jinja).</param>
/// <param name="Label">The file it stands in, for errors.</param>
internal sealed record ChatTemplateText(string Text, string Label);
